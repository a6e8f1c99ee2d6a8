package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.forebay.store.EventDatabase.RowBatch;
import io.forebay.store.EventDatabase.Table;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksIterator;
import org.rocksdb.RocksObject;

/** What is on disk, opened again: other indexes, other formats, damage. */
class EventDatabaseTest {

    @TempDir
    File directory;

    @Test
    void fillsNewIndexesDropsOldOnesAndRebuildsChangedOnes() {
        List<Sample> samples = IntStream.range(0, 2_500)
                .mapToObj(i -> Sample.of("id" + i, i).withProcess("p" + i % 10))
                .toList();
        withReader(Sample.definition(Sample.TAG), reader -> {}, samples);
        withReader(
                Sample.definition(Sample.TAG, Sample.PROCESS),
                reader -> assertThat(reader.query(EventQuery.<Sample>all().equal("process", "p3"))
                                .events())
                        .hasSize(250),
                List.of());
        EventIndex<Sample> changed = EventIndex.<Sample>ofString(
                        "process", sample -> sample.id().substring(0, 3))
                .version(2);
        withReader(
                Sample.definition(changed),
                reader -> {
                    assertThat(reader.query(EventQuery.<Sample>all().equal("process", "p3"))
                                    .events())
                            .isEmpty();
                    assertThat(reader.query(EventQuery.<Sample>all().equal("process", "id7"))
                                    .events())
                            .hasSize(111);
                },
                List.of());
        withReader(Sample.definition(), reader -> {}, List.of());
        withReader(Sample.definition(Sample.SIZE), reader -> {}, List.of());
        assertThat(count(Table.INDEX)).as("rows of indexes that are gone").isZero();
        assertThat(count(Table.EVENTS)).isEqualTo(2_500);
    }

    @Test
    void isNewUntilSomethingIsWritten() {
        try (EventDatabase database = EventDatabase.open(directory)) {
            assertThat(StoreMeta.open(database).isNew()).isTrue();
            assertThat(StoreMeta.open(database).isNew()).as("opened again").isTrue();
        }
        withReader(Sample.definition(), reader -> {}, List.of(Sample.of("id", 1)));
        try (EventDatabase database = EventDatabase.open(directory)) {
            assertThat(StoreMeta.open(database).isNew()).isFalse();
        }
    }

    /** What is new is known without a look at the disk only as long as the store has never been opened with rows in it. */
    @Test
    void replacesWhatWasWrittenBeforeItWasOpened() {
        List<Sample> samples =
                IntStream.range(0, 10).mapToObj(i -> Sample.of("id" + i, i)).toList();
        withReader(Sample.definition(), reader -> {}, samples);
        withReader(Sample.definition(), reader -> {}, List.of(Sample.of("id3", 99)));
        assertThat(count(Table.EVENTS)).isEqualTo(samples.size());
    }

    @Test
    void refusesAFormatItDoesNotKnow() {
        try (EventDatabase database = EventDatabase.open(directory)) {
            StoreMeta.open(database);
            RowBatch batch = database.newBatch();
            batch.put(Table.META, "format".getBytes(StandardCharsets.UTF_8), new byte[] {9});
            database.write(batch);
        }
        try (EventDatabase database = EventDatabase.open(directory)) {
            assertThatExceptionOfType(ProcessorStateException.class)
                    .isThrownBy(() -> StoreMeta.open(database))
                    .withMessageContainingAll("format 9", "reads format 1");
        }
    }

    @Test
    void goesOnWhereItWasKilledBeforeAnythingWasWritten() {
        EventDatabase.open(directory).close();
        withReader(
                Sample.definition(), reader -> assertThat(reader.contains("a")).isTrue(), List.of(Sample.of("a", 1)));
    }

    @Test
    void namesADirectoryThatIsDamaged() throws IOException {
        try (EventDatabase database = EventDatabase.open(directory)) {
            StoreMeta.open(database);
        }
        Files.writeString(directory.toPath().resolve("CURRENT"), "MANIFEST-424242\n");
        assertThatExceptionOfType(ProcessorStateException.class)
                .isThrownBy(() -> EventDatabase.open(directory))
                .withMessageContaining(directory.toString());
    }

    @Test
    void namesADirectoryThatCannotBeMade() throws IOException {
        Path file = Files.createFile(directory.toPath().resolve("file"));
        assertThatExceptionOfType(ProcessorStateException.class)
                .isThrownBy(() -> EventDatabase.open(file.resolve("store").toFile()))
                .withMessageContaining("file");
    }

    /** Whatever it is that fails; the directory is not locked then, and no native memory is held. */
    @Test
    void leavesNothingOpenWhenItCannotBeUsed() {
        StoreMemory memory = StoreMemory.of(8L << 20);
        List<RocksObject> natives = new ArrayList<>();
        RocksSettings settings = new RocksSettings("store", true, memory, options -> natives.addAll(options.owned()));
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> EventDatabase.open(directory, settings, database -> {
                    throw new IllegalStateException("cannot be used");
                }))
                .withMessage("cannot be used");
        assertThatExceptionOfType(StackOverflowError.class)
                .isThrownBy(() -> new StoreDirectory(directory, settings).open(database -> {
                    throw new StackOverflowError("in an extractor");
                }));
        RocksSettings untunable = new RocksSettings("store", true, memory, options -> {
            natives.addAll(options.owned());
            throw new NoSuchMethodError("setNothing");
        });
        assertThatExceptionOfType(NoSuchMethodError.class).isThrownBy(() -> EventDatabase.open(directory, untunable));
        assertThat(natives).isNotEmpty().noneMatch(RocksObject::isOwningHandle);
        assertThat(memory.usedBytes()).isZero();
        EventDatabase.open(directory, settings).close();
    }

    private long count(Table table) {
        try (EventDatabase database = EventDatabase.open(directory);
                DatabaseSnapshot snapshot = database.snapshot()) {
            RocksIterator rows = snapshot.iterator(table);
            long count = 0;
            for (rows.seekToFirst(); rows.isValid(); rows.next()) {
                count++;
            }
            return count;
        }
    }

    private void withReader(
            EventDefinition<Sample> definition, Consumer<EventReader<Sample>> action, List<Sample> samples) {
        try (EventDatabase database = EventDatabase.open(directory)) {
            StoreMeta meta = StoreMeta.open(database);
            int[] numbers = new IndexCatalogue(database).reconcile(definition, "test");
            EventCodec<Sample> codec = new EventCodec<>(definition, "test", numbers);
            WriteSet set = new WriteSet();
            samples.forEach(
                    sample -> set.add(WriteSet.Entry.put(codec.prepare(sample).row())));
            new EventWriter<>(database, codec, meta).write(set, null, null);
            Uncommitted<WriteSet> nothing = Uncommitted.emptyAfter(WriteSet.UNNUMBERED, WriteSet::new);
            action.accept(new EventReader<>(codec, database, () -> nothing, () -> {}));
        }
    }
}
