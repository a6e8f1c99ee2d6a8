package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.store.WriteSet.Entry;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;

class NewestEntriesTest {

    private final NewestEntries entries = new NewestEntries();

    @Test
    void hasTheNewestOfEachId() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<Bytes, Entry> model = new HashMap<>();
        for (int i = 0; i < 50_000; i++) {
            Entry entry = entry(random.nextInt(20_000));
            model.put(entry.id, entry);
            entries.put(entry);
        }
        assertThat(entries.size()).as("seed %d", seed).isEqualTo(model.size());
        model.forEach(
                (id, entry) -> assertThat(entries.get(id)).as("seed %d", seed).isSameAs(entry));
        assertThat(entries.get(entry(20_000).id)).isNull();
    }

    /** Ids with the same hash, which all begin at the same slot. */
    @Test
    void tellsIdsOfTheSameHashApart() {
        Map<Bytes, Entry> model = new HashMap<>();
        for (int i = 0; i < 1 << 8; i++) {
            byte[] id = new byte[16];
            for (int bit = 0; bit < 8; bit++) { // "Aa" and "BB" have the same hash
                id[2 * bit] = (byte) ((i >> bit & 1) == 0 ? 'A' : 'B');
                id[2 * bit + 1] = (byte) ((i >> bit & 1) == 0 ? 'a' : 'B');
            }
            Entry entry = Entry.delete(id);
            model.put(entry.id, entry);
            entries.put(entry);
        }
        assertThat(model.keySet().stream().map(Bytes::hashCode).distinct()).hasSize(1);
        model.forEach((id, entry) -> assertThat(entries.get(id)).isSameAs(entry));
    }

    /** A reader finds what was there when it looked, the id asked for and no other, however the table grows meanwhile. */
    @Test
    void showsAReaderWhatWasThere() throws ExecutionException, InterruptedException {
        int count = 300_000;
        AtomicInteger written = new AtomicInteger();
        CompletableFuture<Integer> reader = CompletableFuture.supplyAsync(() -> {
            int wrong = 0;
            Random random = new Random(42);
            for (int known = 0; known < count; known = written.get()) {
                int number = random.nextInt(known + 10);
                Entry wanted = entry(number);
                Entry found = entries.get(wanted.id);
                if (found == null ? number < known : !found.id.equals(wanted.id)) {
                    wrong++;
                }
            }
            return wrong;
        });
        for (int i = 0; i < count; i++) {
            entries.put(entry(i));
            written.set(i + 1);
        }
        assertThat(reader.get()).isZero();
    }

    private static Entry entry(int number) {
        return Entry.delete(EventCodec.idBytes("id" + number));
    }
}
