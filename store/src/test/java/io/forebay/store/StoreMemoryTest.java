package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.BloomFilter;
import org.rocksdb.RocksObject;

/** The native memory of many stores, and that none of it is left behind. */
class StoreMemoryTest {

    private static final long TOTAL_BYTES = 16L << 20;
    private static final long WRITE_BUFFER_BYTES = 8L << 20;
    private static final int STORES = 12;
    private static final int BATCH = 500;

    @TempDir
    File directory;

    private final StoreMemory memory = StoreMemory.of(TOTAL_BYTES, WRITE_BUFFER_BYTES);
    private final List<OpenStore> stores = new ArrayList<>();

    @AfterEach
    void close() {
        stores.forEach(OpenStore::close);
    }

    @Test
    void boundsWhatManyStoresTakeTogether() {
        IntStream.range(0, STORES).forEach(this::open);
        for (int batch = 0; batch < 30; batch++) {
            for (OpenStore store : stores) {
                store.writeBatch();
                assertWithinBound();
            }
        }
        for (OpenStore store : stores) {
            assertThat(store.readAll()).isEqualTo(30 * BATCH);
            assertWithinBound();
        }
        long onDisk =
                stores.stream().mapToLong(store -> store.database.sizeBytes()).sum();
        assertThat(onDisk).as("bytes on disk").isGreaterThan(TOTAL_BYTES);
        assertThat(memory.usedBytes()).as("used, for reading as well").isGreaterThan(TOTAL_BYTES / 2);
    }

    /** Write buffers are measured after a write, so that the last batch may be past the bound. */
    private void assertWithinBound() {
        assertThat(memory.usedBytes()).as("everything").isLessThanOrEqualTo(TOTAL_BYTES);
        long writeBuffers = stores.stream()
                .mapToLong(store -> store.database.allWriteBufferBytes())
                .sum();
        assertThat(writeBuffers).as("write buffers").isLessThanOrEqualTo(WRITE_BUFFER_BYTES * 5 / 4);
    }

    @Test
    void flushesWhoeverHoldsMost() {
        IntStream.range(0, 4).forEach(this::open);
        OpenStore idle = stores.get(0);
        while (idle.database.writeBufferBytes() < WRITE_BUFFER_BYTES / 8 * 3) {
            idle.writeBatch();
        }
        OpenStore busy = stores.get(1);
        for (int i = 0; i < 20 && idle.database.writeBufferBytes() > WRITE_BUFFER_BYTES / 4; i++) {
            busy.writeBatch();
        }
        assertThat(idle.database.writeBufferBytes())
                .as("what an idle store keeps in write buffers")
                .isLessThan(WRITE_BUFFER_BYTES / 4);
        assertThat(busy.database.writeBufferBytes())
                .as("what the store that was written to keeps")
                .isGreaterThan(WRITE_BUFFER_BYTES / 16);
    }

    @Test
    void leavesNothingBehind() {
        List<RocksObject> natives = new ArrayList<>();
        for (int round = 0; round < 100; round++) {
            RocksSettings settings = new RocksSettings("s", true, memory, options -> {
                options.own(new BloomFilter(10));
                natives.addAll(options.owned());
            });
            try (EventDatabase database = EventDatabase.open(new File(directory, "s" + round % 10), settings)) {
                StoreMeta.open(database);
                assertThat(memory.usedBytes()).isPositive();
            }
        }
        assertThat(natives).hasSizeGreaterThan(100 * 5).noneMatch(RocksObject::isOwningHandle);
        assertThat(memory.usedBytes()).isZero();
    }

    @Test
    void countsIteratorsWhileTheyAreOpen() {
        open(0);
        EventDatabase database = stores.get(0).database;
        try (DatabaseSnapshot snapshot = database.snapshot()) {
            assertThat(snapshot.iterator(EventDatabase.Table.EVENTS))
                    .isNotSameAs(snapshot.iterator(EventDatabase.Table.IDS));
            assertThat(database.openIterators()).isEqualTo(2);
        }
        assertThat(database.openIterators()).isZero();
    }

    @Test
    void leavesNothingBehindWhenAStoreCannotBeOpened() throws IOException {
        List<RocksObject> natives = new ArrayList<>();
        RocksSettings settings = new RocksSettings("s", true, memory, options -> natives.addAll(options.owned()));
        Path file = Files.createFile(directory.toPath().resolve("file"));
        assertThatExceptionOfType(ProcessorStateException.class)
                .isThrownBy(() -> EventDatabase.open(file.toFile(), settings));
        RocksSettings failing = new RocksSettings("s", true, memory, options -> {
            natives.addAll(options.owned());
            throw new IllegalStateException("no such option");
        });
        assertThatExceptionOfType(ProcessorStateException.class)
                .isThrownBy(() -> EventDatabase.open(new File(directory, "s"), failing))
                .withMessageContaining("no such option");
        assertThat(natives).isNotEmpty().noneMatch(RocksObject::isOwningHandle);
        assertThat(memory.usedBytes()).isZero();
    }

    @Test
    void takesTheOptionsAsTuned() throws IOException {
        EventStoreBuilder<Sample> builder = EventStores.builder(StoreDriver.STORE, Sample.definition())
                .memory(memory)
                .tune(options -> options.database().setMaxOpenFiles(77))
                .tune(options -> options.tables().forEach(table -> table.setMaxWriteBufferNumber(5)))
                .tune(options -> options.events().setWriteBufferSize(123_456));
        try (StoreDriver driver = new StoreDriver(builder, StreamsConfig.EXACTLY_ONCE_V2)) {
            driver.transaction(store -> store.put(Sample.of("a", 1)));
            assertThat(memory.usedBytes()).isPositive();
            String written = optionsFileUnder(Path.of("target", "store-driver"));
            assertThat(written).contains("max_open_files=77", "max_write_buffer_number=5", "write_buffer_size=123456");
        }
        assertThat(memory.usedBytes()).isZero();
    }

    @Test
    void refusesBoundsThatMakeNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StoreMemory.of(1_000))
                .withMessageContaining("totalBytes=1000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StoreMemory.of(2 << 20, 2 << 20))
                .withMessageContainingAll("writeBufferBytes=2097152", "totalBytes=2097152");
    }

    private static String optionsFileUnder(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            Path newest = files.filter(file -> file.getFileName().toString().startsWith("OPTIONS-"))
                    .max((left, right) -> Long.compare(
                            left.toFile().lastModified(), right.toFile().lastModified()))
                    .orElseThrow();
            return Files.readString(newest);
        }
    }

    private void open(int number) {
        RocksSettings settings = new RocksSettings("s" + number, true, memory, options -> {});
        stores.add(new OpenStore(EventDatabase.open(new File(directory, "s" + number), settings)));
    }

    /** A store without Kafka Streams around it. */
    private static final class OpenStore {

        private final EventDatabase database;
        private final EventCodec<Sample> codec;
        private final EventWriter<Sample> writer;
        private int events;

        OpenStore(EventDatabase database) {
            this.database = database;
            StoreMeta meta = StoreMeta.open(database);
            EventDefinition<Sample> definition = Sample.definition();
            codec = new EventCodec<>(definition, "test", new IndexCatalogue(database).reconcile(definition, "test"));
            writer = new EventWriter<>(database, codec, meta);
        }

        void writeBatch() {
            WriteSet set = new WriteSet(1);
            for (int i = 0; i < BATCH; i++, events++) {
                set.add(WriteSet.Entry.put(codec.prepare(new Sample(
                                "id" + events,
                                events,
                                "process" + events % 7,
                                "module" + events % 13,
                                Integer.toHexString(events * 0x9E3779B9).repeat(30), // text that hardly compresses
                                List.of("tag" + events % 3),
                                (long) events))
                        .row()));
            }
            writer.write(set, null, null);
        }

        int readAll() {
            Uncommitted<WriteSet> nothing = Uncommitted.emptyAfter(WriteSet.UNNUMBERED, WriteSet::new);
            EventReader<Sample> reader = new EventReader<>(codec, database, () -> nothing, () -> {});
            return reader.query(EventQuery.<Sample>all().limit(Integer.MAX_VALUE))
                    .events()
                    .size();
        }

        void close() {
            database.close();
        }
    }
}
