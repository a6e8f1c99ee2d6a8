package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.forebay.store.EventDatabase.Table;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksIterator;

/** Filling a new index that is cut short, and what the next opening makes of it. */
class IndexFillerTest {

    private static final int EVENTS = 5 * IndexFiller.EVENTS_PER_BATCH;

    @TempDir
    File directory;

    private final AtomicInteger extracted = new AtomicInteger();
    private int failAt = Integer.MAX_VALUE;

    /** Every event in two rows, so that rows and events are not the same number. */
    private final EventIndex<Sample> counting = EventIndex.ofStrings("counting", sample -> {
        if (extracted.incrementAndGet() == failAt) {
            throw new IllegalStateException("pulled the plug");
        }
        return List.of("a" + sample.timestampNanos() % 10, "b");
    });

    @BeforeEach
    void fill() {
        try (EventDatabase database = EventDatabase.open(directory)) {
            StoreMeta meta = StoreMeta.open(database);
            EventCodec<Sample> codec = codec(database, Sample.definition(Sample.TAG));
            WriteSet set = new WriteSet(1);
            for (int i = 0; i < EVENTS; i++) {
                set.add(WriteSet.Entry.put(codec.prepare(Sample.of("id" + i, i).withProcess("p" + i % 10))
                        .row()));
            }
            new EventWriter<>(database, codec, meta).write(set, null, null);
        }
    }

    @Test
    void goesOnWhereItWasCutShort() {
        failAt = 2 * IndexFiller.EVENTS_PER_BATCH + 17;
        assertThatExceptionOfType(ProcessorStateException.class)
                .isThrownBy(() -> open(Sample.definition(Sample.TAG, counting)))
                .withMessageContainingAll(
                        "'counting'", "'id" + (failAt - 1) + "'", "pulled the plug", directory.toString());
        assertThat(indexRows()).as("what is done stays").containsOnly(Map.entry(2, 4 * IndexFiller.EVENTS_PER_BATCH));
        extracted.set(0);
        failAt = IndexFiller.EVENTS_PER_BATCH + 1;
        assertThatExceptionOfType(ProcessorStateException.class)
                .isThrownBy(() -> open(Sample.definition(Sample.TAG, counting)));
        extracted.set(0);
        failAt = Integer.MAX_VALUE;
        assertThat(open(Sample.definition(Sample.TAG, counting))).containsExactly(1, 2);
        assertThat(extracted.get()).as("what was done is not done again").isEqualTo(2 * IndexFiller.EVENTS_PER_BATCH);
        assertThat(indexRows()).containsOnly(Map.entry(2, 2 * EVENTS));
        assertThat(metaRows("filling/")).isZero();
        open(Sample.definition(Sample.TAG, counting));
        assertThat(extracted.get()).as("and it is done").isEqualTo(2 * IndexFiller.EVENTS_PER_BATCH);
    }

    @Test
    void fillsAnotherBesideOneThatWasCutShort() {
        failAt = IndexFiller.EVENTS_PER_BATCH + 1;
        assertThatExceptionOfType(ProcessorStateException.class).isThrownBy(() -> open(Sample.definition(counting)));
        failAt = Integer.MAX_VALUE;
        assertThat(open(Sample.definition(counting, Sample.PROCESS))).containsExactly(2, 3);
        assertThat(indexRows()).containsOnly(Map.entry(2, 2 * EVENTS), Map.entry(3, EVENTS));
    }

    @Test
    void dropsWhatWasBegunAndIsNotWantedAnyMore() {
        failAt = IndexFiller.EVENTS_PER_BATCH + 1;
        assertThatExceptionOfType(ProcessorStateException.class).isThrownBy(() -> open(Sample.definition(counting)));
        assertThat(open(Sample.definition(Sample.PROCESS))).containsExactly(3);
        assertThat(indexRows()).containsOnly(Map.entry(3, EVENTS));
        assertThat(metaRows("filling/")).isZero();
        failAt = Integer.MAX_VALUE;
        assertThat(open(Sample.definition(counting.version(2))))
                .as("numbers are not used again")
                .containsExactly(4);
        assertThat(indexRows()).containsOnly(Map.entry(4, 2 * EVENTS));
    }

    private int[] open(EventDefinition<Sample> definition) {
        try (EventDatabase database = EventDatabase.open(directory)) {
            StoreMeta.open(database);
            return new IndexCatalogue(database).reconcile(definition, "test");
        }
    }

    private static EventCodec<Sample> codec(EventDatabase database, EventDefinition<Sample> definition) {
        return new EventCodec<>(definition, "test", new IndexCatalogue(database).reconcile(definition, "test"));
    }

    /** The number of rows by the number of the index. */
    private Map<Integer, Integer> indexRows() {
        Map<Integer, Integer> counts = new TreeMap<>();
        try (EventDatabase database = EventDatabase.open(directory);
                DatabaseSnapshot snapshot = database.snapshot()) {
            RocksIterator rows = snapshot.iterator(Table.INDEX);
            for (rows.seekToFirst(); rows.isValid(); rows.next()) {
                byte[] key = rows.key();
                counts.merge((key[0] & 0xFF) << 8 | key[1] & 0xFF, 1, Integer::sum);
            }
        }
        return counts;
    }

    private int metaRows(String prefix) {
        byte[] prefixBytes = prefix.getBytes(StandardCharsets.UTF_8);
        int count = 0;
        try (EventDatabase database = EventDatabase.open(directory);
                DatabaseSnapshot snapshot = database.snapshot()) {
            RocksIterator rows = snapshot.iterator(Table.META);
            for (rows.seek(prefixBytes); rows.isValid() && Rows.startsWith(rows.key(), prefixBytes); rows.next()) {
                count++;
            }
        }
        return count;
    }
}
