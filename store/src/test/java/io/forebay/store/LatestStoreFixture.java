package io.forebay.store;

import io.forebay.store.EventDatabase.Table;
import io.forebay.store.internal.streams.HandDrivenTask;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.rocksdb.RocksIterator;

/** A latest store of text with two indexes, and what tests do with it. */
abstract class LatestStoreFixture {

    private static final EventIndex<String> FIRST = EventIndex.ofString("first", value -> value.substring(0, 1));
    private static final EventIndex<String> BOTH =
            EventIndex.composite("both", FIRST, EventIndex.ofLong("length", value -> (long) value.length()));
    private static final LatestDefinition<String, String> DEFINITION = LatestDefinition.builder(
                    Serdes.String(), Serdes.String())
            .index(FIRST)
            .index(BOTH)
            .build();

    final File directory = Path.of("target", "state", "latest-" + Long.toString(System.nanoTime(), 36))
            .toFile();
    final MemoryChangelog changelog = new MemoryChangelog();
    StoreTask<RocksLatestStore<String, String>> task = task(StreamsConfig.EXACTLY_ONCE_V2);

    @AfterEach
    void delete() throws Exception {
        task.close();
        Utils.delete(directory);
    }

    final StoreTask<RocksLatestStore<String, String>> task(String guarantee) {
        return new StoreTask<>(directory, guarantee, changelog);
    }

    final void open(UnaryOperator<LatestStoreBuilder<String, String>> options) {
        task.open(builder(options));
    }

    static LatestStoreBuilder<String, String> builder(UnaryOperator<LatestStoreBuilder<String, String>> options) {
        return options.apply(LatestStores.builder("samples", DEFINITION));
    }

    final RocksLatestStore<String, String> store() {
        return task.store();
    }

    final void put(String key, @Nullable String value, long version) {
        putAt(key, value, version, 0);
    }

    final void putAt(String key, @Nullable String value, long version, long timestampMs) {
        task.process(
                () -> store().putNewer(store().prepare(key, value, version, timestampMs, HandDrivenTask.noHeaders())));
    }

    static PreparedUpdate<String, String> update(
            LatestStore<String, String> store, String key, String value, long version) {
        return store.prepare(key, value, version, 0, HandDrivenTask.noHeaders());
    }

    final void commit(String key, @Nullable String value, long version) {
        put(key, value, version);
        task.commit();
    }

    /** What is committed is written in the background. */
    final void awaitWritten() {
        store().committedOffset(MemoryChangelog.PARTITION);
    }

    /** Emits everything pending; the keys, sorted. */
    final List<String> emit() {
        List<String> keys = new ArrayList<>();
        task.process(() -> store().emit(emission -> keys.add(emission.key())));
        keys.sort(null);
        return keys;
    }

    final List<String> keys(LatestByIndexQuery<String, String> query) {
        return store().query(query).stream().map(Versioned::key).toList();
    }

    /** How many rows a table has; the store is closed. */
    final long rows(Table table) {
        RocksSettings settings =
                new RocksSettings(StoreKind.LATEST, "samples", true, StoreMemory.shared(), options -> {});
        File store = directory
                .toPath()
                .resolve(Path.of("app", "0_0", "forebay", "samples"))
                .toFile();
        long count = 0;
        try (EventDatabase database = EventDatabase.open(store, settings);
                DatabaseSnapshot snapshot = database.snapshot()) {
            RocksIterator rows = snapshot.iterator(table);
            for (rows.seekToFirst(); rows.isValid(); rows.next()) {
                count++;
            }
        }
        return count;
    }
}
