package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.forebay.store.EventDatabase.Table;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rocksdb.RocksIterator;

/** Directories that are damaged, or in use: what is rebuilt, what is refused, and what is left alone. */
class StoreDirectoryTest {

    private static final int EVENTS = 3_000;
    private static final int BATCH = 500;
    private static final long FIRST_OFFSET = 36;
    private static final long OFFSET = FIRST_OFFSET + EVENTS / BATCH - 1;

    @TempDir
    Path temporary;

    private File directory;

    @BeforeEach
    void fill() {
        directory = temporary.resolve("store").toFile();
        open(true, database -> {
            for (int batch = 0; batch < EVENTS / BATCH; batch++) {
                write(database, batch * BATCH, BATCH, FIRST_OFFSET + batch);
                if (batch % 2 == 0) {
                    database.flush(true);
                }
            }
            return null;
        });
    }

    @ParameterizedTest
    @EnumSource
    void startsAnewWhereAChangelogHasTheRest(Damage damage) throws IOException {
        assertThat(read(true)).isEqualTo(new Content(EVENTS, OFFSET));
        damage.inflict(directory.toPath());
        if (damage == Damage.TABLE_FLIPPED) {
            assertThatExceptionOfType(CorruptedStoreException.class)
                    .isThrownBy(() -> read(true))
                    .withMessageContainingAll("corrupted", "checksum", directory.toString());
        }
        assertThat(read(true)).isEqualTo(new Content(0, StoreMeta.OFFSET_UNKNOWN));
        assertThat(temporary.toFile().list()).containsExactly("store");
    }

    @ParameterizedTest
    @EnumSource
    void leavesEverythingAloneWithoutAChangelog(Damage damage) throws IOException {
        damage.inflict(directory.toPath());
        Map<String, Long> before = dataFiles();
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatExceptionOfType(CorruptedStoreException.class)
                    .isThrownBy(() -> read(false))
                    .withMessageContainingAll(directory.toString(), "corrupted");
        }
        assertThat(dataFiles()).containsAllEntriesOf(before);
    }

    /** Whatever the end of the list of files is that was lost: what is left fits together, and to its offset. */
    @Test
    void neverTakesAPartForTheWhole() throws IOException {
        Path whole = directory.toPath();
        Path manifest = Damage.largest(whole, "MANIFEST-", "");
        Path copy = temporary.resolve("copy");
        Set<Long> found = new TreeSet<>();
        for (long length = Files.size(manifest) - 1; length > 0; length -= 11) {
            copy(whole, copy);
            Damage.truncate(copy.resolve(manifest.getFileName()), length);
            directory = copy.toFile();
            Content content = read(true);
            found.add(content.events);
            assertThat(content.events)
                    .as("manifest of %d bytes cut to %d: %s", Files.size(manifest), length, content)
                    .isEqualTo(content.offset < 0 ? 0 : (content.offset - FIRST_OFFSET + 1) * BATCH);
        }
        assertThat(found).contains(0L).hasSizeGreaterThan(1);
    }

    @Test
    void finishesADeletionThatWasCutShort() throws IOException {
        Path trash = Files.createDirectories(temporary.resolve("store~"));
        Files.createFile(trash.resolve("000042.sst"));
        assertThat(read(true).events).isEqualTo(EVENTS);
        assertThat(trash).doesNotExist();
    }

    @Test
    void takesADirectoryWithoutDataForNew() throws IOException {
        directory = Files.createDirectories(temporary.resolve("young")).toFile();
        Files.createFile(directory.toPath().resolve("LOCK"));
        Files.writeString(directory.toPath().resolve("MANIFEST-000001"), "half");
        assertThat(read(false).events).isZero();
    }

    @Test
    void doesNotTakeALockForDamage() throws Exception {
        String classPath = Optional.ofNullable(System.getProperty("surefire.test.class.path"))
                .orElse(System.getProperty("java.class.path"));
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        classPath,
                        DatabaseHolder.class.getName(),
                        directory.toString())
                .redirectError(new File("target", "database-holder.log"))
                .start();
        try (BufferedReader out = holder.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).isEqualTo(DatabaseHolder.READY);
            assertThatExceptionOfType(ProcessorStateException.class)
                    .isThrownBy(() -> read(true))
                    .withMessageContainingAll("cannot open", directory.toString(), "LOCK")
                    .isNotInstanceOf(CorruptedStoreException.class);
            holder.getOutputStream().close();
            assertThat(holder.waitFor()).isZero();
        } finally {
            holder.destroyForcibly();
        }
        assertThat(read(true)).isEqualTo(new Content(EVENTS, OFFSET));
    }

    @Test
    void findsDamageInWritingToo() throws IOException {
        Damage.TABLE_FLIPPED.inflict(directory.toPath());
        assertThatExceptionOfType(CorruptedStoreException.class)
                .isThrownBy(() -> open(true, database -> {
                    assertThatExceptionOfType(CorruptedStoreException.class)
                            .isThrownBy(() -> database.get(Table.IDS, id(0)));
                    try (DatabaseSnapshot snapshot = database.snapshot()) {
                        assertThatExceptionOfType(CorruptedStoreException.class)
                                .isThrownBy(() -> snapshot.getAll(Table.IDS, List.of(id(0))));
                    }
                    database.requireSound();
                    return null;
                }));
        assertThat(read(true).events).isZero();
    }

    private Content read(boolean logged) {
        return open(logged, database -> {
            StoreMeta meta = StoreMeta.open(database);
            EventCodec<Sample> codec = codec(database);
            Uncommitted<WriteSet> nothing = Uncommitted.emptyAfter(WriteSet.UNNUMBERED, WriteSet::new);
            EventReader<Sample> reader = new EventReader<>(codec, database, () -> nothing, () -> {});
            EventQuery<Sample> all = EventQuery.<Sample>all().limit(Integer.MAX_VALUE);
            List<Sample> events = reader.query(all).events();
            assertThat(reader.query(all.equal("process", "p1")).events()).hasSize((int) events.stream()
                    .filter(event -> "p1".equals(event.process()))
                    .count());
            assertThat(count(database, Table.EVENTS)).isEqualTo(count(database, Table.IDS));
            assertThat(meta.contents().events()).isEqualTo(events.size());
            return new Content(events.size(), meta.offset() == null ? -1 : meta.offset());
        });
    }

    private static long count(EventDatabase database, Table table) {
        try (DatabaseSnapshot snapshot = database.snapshot()) {
            RocksIterator rows = snapshot.iterator(table);
            long count = 0;
            for (rows.seekToFirst(); rows.isValid(); rows.next()) {
                count++;
            }
            return count;
        }
    }

    private void write(EventDatabase database, int from, int count, long offset) {
        StoreMeta meta = StoreMeta.open(database);
        EventCodec<Sample> codec = codec(database);
        WriteSet set = new WriteSet(1);
        for (int i = from; i < from + count; i++) {
            set.add(WriteSet.Entry.put(codec.prepare(Sample.of("id" + i, i).withProcess("p" + i % 3))
                    .row()));
        }
        new EventWriter<>(database, codec, meta).write(set, offset, null);
    }

    private static EventCodec<Sample> codec(EventDatabase database) {
        EventDefinition<Sample> definition = Sample.definition();
        return new EventCodec<>(definition, "test", new IndexCatalogue(database).reconcile(definition, "test"));
    }

    private <T> T open(boolean logged, Function<EventDatabase, T> action) {
        RocksSettings settings = new RocksSettings("store", logged, StoreMemory.shared(), options -> {});
        try (EventDatabase database = new StoreDirectory(directory, settings).open(opened -> opened)) {
            return action.apply(database);
        }
    }

    /** All but those of the store's own small table, which opening may compact. */
    private Map<String, Long> dataFiles() throws IOException {
        Map<String, Long> sizes = new TreeMap<>();
        for (Path file : Damage.files(directory.toPath(), "", ".sst")) {
            if (Files.size(file) > Damage.LARGEST_META_TABLE_BYTES) {
                sizes.put(file.getFileName().toString(), Files.size(file));
            }
        }
        assertThat(sizes).isNotEmpty();
        return sizes;
    }

    private static void copy(Path from, Path to) throws IOException {
        Utils.delete(to.toFile());
        Files.createDirectories(to);
        for (Path file : Damage.files(from, "", "")) {
            Files.copy(file, to.resolve(file.getFileName()));
        }
    }

    private static byte[] id(int number) {
        return EventCodec.idBytes("id" + number);
    }

    /** What a database holds. */
    private record Content(long events, long offset) {}
}
