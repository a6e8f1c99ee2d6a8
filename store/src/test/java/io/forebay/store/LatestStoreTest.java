package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.forebay.store.internal.streams.HandDrivenTask;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.junit.jupiter.api.Test;

/** What a latest store does, one thing at a time; {@link LatestStoreCrashModelTest} does everything at once. */
class LatestStoreTest extends LatestStoreFixture {

    @Test
    void keepsWhatCameWithTheNewestUpdate() {
        open(store -> store);
        Headers headers = HandDrivenTask.noHeaders();
        headers.add("trace", "t".getBytes(StandardCharsets.UTF_8));
        headers.add("nothing", null);
        task.process(() -> {
            PreparedUpdate<String, String> update = store().prepare("a", "value", 7, 4711, headers);
            headers.add("later", new byte[0]);
            store().putNewer(update);
        });
        for (int i = 0; i < 3; i++) {
            Versioned<String, String> found = store().get("a").orElseThrow();
            assertThat(found.value()).isEqualTo("value");
            assertThat(found.version()).isEqualTo(7);
            assertThat(found.timestampMs()).isEqualTo(4711);
            assertThat(found.headers().toArray())
                    .extracting(header -> header.key())
                    .containsExactly("trace", "nothing");
            assertThat(found.headers().lastHeader("nothing").value()).isNull();
            commit("b", "any", i); // moves "a" from one set to the next, and to disk
        }
    }

    @Test
    void aKeyMayComeTwiceInABatch() {
        open(LatestStoreBuilder::withOutbox);
        commit("b", "old", 5);
        task.process(() -> {
            List<PreparedUpdate<String, String>> batch = List.of(
                    update(store(), "a", "three", 3),
                    update(store(), "b", "seven", 7),
                    update(store(), "a", "two", 2),
                    update(store(), "a", "four", 4),
                    update(store(), "b", "six", 6));
            assertThat(store().putNewer(batch)).containsExactly(batch.get(2), batch.get(4));
        });
        assertThat(store().get("a").map(Versioned::value)).contains("four");
        assertThat(store().get("b").map(Versioned::value)).contains("seven");
        assertThat(store().count()).isEqualTo(2);
    }

    /** However many updates there are, a commit writes and logs one row for each key. */
    @Test
    void aCommitCostsOneRowForEachKey() {
        task.open(LatestStores.builder("samples", LatestDefinition.of(Serdes.String(), Serdes.String())));
        for (int i = 0; i < 2_000; i++) {
            put("k" + i % 10, "value", i);
        }
        assertThat(store().stats().uncommitted()).isEqualTo(10);
        task.commit();
        assertThat(changelog.after(null)).hasSize(10);
    }

    @Test
    void anUpdateThatCannotBeStoredIsRefusedBeforeItIsPut() {
        LatestDefinition<byte[], String> definition = LatestDefinition.builder(Serdes.ByteArray(), Serdes.String())
                .index(EventIndex.<String>ofLong("number", Long::valueOf))
                .maxUpdateBytes(20)
                .build();
        StoreTask<RocksLatestStore<byte[], String>> binary =
                new StoreTask<>(directory, StreamsConfig.EXACTLY_ONCE_V2, changelog);
        binary.open(LatestStores.builder("samples", definition));
        assertInvalid(binary.store(), new byte[] {1}, "x", "has no usable value for index 'number'");
        assertInvalid(binary.store(), new byte[] {1}, "1".repeat(20), "is 21 bytes, more than maxUpdateBytes=20");
        assertInvalid(binary.store(), OutboxMarker.key(), "1", "has the one key that the store keeps for itself");
        binary.close();
    }

    private static void assertInvalid(LatestStore<byte[], String> store, byte[] key, String value, String message) {
        assertThatExceptionOfType(InvalidUpdateException.class)
                .isThrownBy(() -> store.prepare(key, value, 1, 0, HandDrivenTask.noHeaders()))
                .withMessageContaining(Arrays.toString(key) + "' " + message);
    }

    @Test
    void asksForACommitWhenMemoryIsFull() {
        open(store -> store.maxUncommittedBytes(30_000));
        for (int i = 0; i < 1_000; i++) {
            put("k1", "always the same key", i);
        }
        assertThat(task.commitRequests()).isZero();
        for (int i = 0; task.commitRequests() == 0; i++) {
            put("k" + i, "another key", 10_000 + i);
        }
        assertThat(store().stats().uncommittedBytes()).isBetween(15_000L, 16_000L);
    }

    @Test
    void refusesRowsOfAnotherFormat() {
        byte[] row = new LatestRow(1, 2, 3, 4, new byte[0], false, new byte[] {5}).write();
        assertThat(LatestRow.read(row).value()).containsExactly(5);
        row[0] = 9;
        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() -> LatestRow.read(row))
                .withMessageContaining("format 9");
        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() -> LatestRow.read(new byte[] {1, 0}))
                .withMessageContaining("2 bytes");
    }

    @Test
    void doesNotOpenAnEventStore() {
        StoreTask<RocksEventStore<Sample>> events = new StoreTask<>(directory, StreamsConfig.AT_LEAST_ONCE, changelog);
        events.open(EventStores.builder("samples", Sample.definition()));
        events.close();
        task = task(StreamsConfig.AT_LEAST_ONCE);
        assertThatExceptionOfType(ProcessorStateException.class)
                .isThrownBy(() -> open(store -> store))
                .withMessageContaining("cannot open the latest store in");
    }
}
