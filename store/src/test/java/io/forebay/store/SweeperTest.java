package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.store.EventDatabase.Table;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksIterator;

/** Rows of events below the floor are out of sight at once, and out of the way in the end. */
class SweeperTest {

    private static final int EVENTS = 30_000;
    private static final int KEPT = 12_000;

    @TempDir
    Path directory;

    @Test
    void removesTheRowsOfEventsBelowTheFloorAndNoOthers() {
        run((database, writer) -> {
            writeAll(database, writer);
            raiseFloor(writer);
            assertThat(rows(database, Table.EVENTS)).isEqualTo(KEPT);
            assertThat(rows(database, Table.IDS)).isEqualTo(EVENTS);
            sweep(writer);
            assertThat(rows(database, Table.IDS)).isEqualTo(KEPT);
            assertThat(rows(database, Table.INDEX)).isEqualTo(KEPT);
        });
    }

    @Test
    void goesInShortSlicesAndBeginsAgainAfterARestart() {
        run((database, writer) -> {
            writeAll(database, writer);
            raiseFloor(writer);
            assertThat(writer.sweepSlice()).as("there is more to do").isTrue();
            assertThat(rows(database, Table.IDS))
                    .as("not so many rows that a StreamThread would wait long for a slice")
                    .isBetween(EVENTS - 2_000L, EVENTS - 1L);
        });
        run((database, writer) -> {
            sweep(writer);
            assertThat(rows(database, Table.IDS)).isEqualTo(KEPT);
            assertThat(rows(database, Table.INDEX)).isEqualTo(KEPT);
            assertThat(StoreMeta.open(database).stale()).isZero();
        });
    }

    @Test
    void leavesAnIdAloneThatHasComeAgainAboveTheFloor() {
        run((database, writer) -> {
            writeAll(database, writer);
            raiseFloor(writer);
            WriteSet again = new WriteSet();
            again.add(WriteSet.Entry.put(
                    codec(database).prepare(Sample.of("id0", EVENTS * 2L)).row()));
            writer.write(again, null, null);
            sweep(writer);
            assertThat(database.get(Table.IDS, EventCodec.idBytes("id0"))).isEqualTo(Rows.timestamp(EVENTS * 2L));
            assertThat(StoreMeta.open(database).contents().events()).isEqualTo(KEPT + 1L);
        });
    }

    private static void sweep(EventWriter<Sample> writer) {
        while (writer.sweepSlice()) {
            // until there is nothing more
        }
    }

    private static void writeAll(EventDatabase database, EventWriter<Sample> writer) {
        EventCodec<Sample> codec = codec(database);
        WriteSet all = new WriteSet();
        IntStream.range(0, EVENTS)
                .forEach(
                        i -> all.add(WriteSet.Entry.put(codec.prepare(sample(i)).row())));
        writer.write(all, null, null);
    }

    private static void raiseFloor(EventWriter<Sample> writer) {
        WriteSet raising = new WriteSet();
        raising.add(WriteSet.Entry.floor(new Floor(Rows.timestamp(EVENTS - KEPT), EVENTS - KEPT)));
        writer.write(raising, null, null);
    }

    private static Sample sample(int number) {
        return Sample.of("id" + number, number).withProcess("p" + number % 7);
    }

    private static EventCodec<Sample> codec(EventDatabase database) {
        int[] numbers = new IndexCatalogue(database).reconcile(Sample.definition(), "test");
        return new EventCodec<>(Sample.definition(), "test", numbers);
    }

    private void run(Use use) {
        RocksSettings settings = new RocksSettings("s", true, StoreMemory.of(8L << 20), options -> {});
        try (EventDatabase database = EventDatabase.open(directory.toFile(), settings)) {
            StoreMeta meta = StoreMeta.open(database);
            use.use(database, new EventWriter<>(database, codec(database), meta));
        }
    }

    private static long rows(EventDatabase database, Table table) {
        long count = 0;
        try (DatabaseSnapshot snapshot = database.snapshot()) {
            RocksIterator rows = snapshot.iterator(table);
            for (rows.seekToFirst(); rows.isValid(); rows.next()) {
                count++;
            }
        }
        return count;
    }

    @FunctionalInterface
    private interface Use {
        void use(EventDatabase database, EventWriter<Sample> writer);
    }
}
