package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.store.EventDatabase.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** Our batches are, byte by byte, those that RocksDB would make of the same rows in the order of their keys. */
class SortedRowsTest {

    private static final byte[] NOTHING = {};

    @TempDir
    Path directory;

    @Test
    void makesTheBatchThatRocksDbMakesOfSortedRows() throws RocksDBException {
        long seed = System.nanoTime();
        RocksSettings settings = new RocksSettings("s", true, StoreMemory.of(8L << 20), options -> {});
        try (EventDatabase database = EventDatabase.open(directory.toFile(), settings)) {
            for (int round = 0; round < 300; round++) {
                Random random = new Random(seed + round);
                for (Table table : List.of(Table.META, Table.INDEX)) {
                    compare(random, database.handle(table), "seed " + (seed + round));
                }
            }
        }
    }

    private static void compare(Random random, ColumnFamilyHandle table, String seed) throws RocksDBException {
        List<Row> rows = new ArrayList<>();
        SortedRows sorted = new SortedRows();
        boolean ascending = random.nextInt(4) == 0;
        int count = random.nextInt(random.nextBoolean() ? 20 : 2_000);
        for (int i = 0; i < count; i++) {
            Row row = row(random, ascending ? i : random.nextInt(1 + count));
            rows.add(row);
            int split = random.nextInt(row.key.length + 1);
            byte[] head = Arrays.copyOf(row.key, split);
            byte[] tail = Arrays.copyOfRange(row.key, split, row.key.length);
            if (row.value == null) {
                sorted.delete(head, tail);
            } else {
                sorted.put(head, tail, row.value);
            }
        }
        rows.sort(Comparator.comparing(Row::key, Arrays::compareUnsigned)); // stable, as ours has to be
        BatchBytes ours = new BatchBytes();
        byte[] from = {1};
        byte[] to = new byte[random.nextInt(300)];
        ours.deleteRange(table.getID(), from, to);
        ours.reserve(sorted.sizeInBatch(table.getID()));
        sorted.writeTo(ours, table.getID());
        try (WriteBatch theirs = new WriteBatch()) {
            theirs.deleteRange(table, from, to);
            for (Row row : rows) {
                if (row.value == null) {
                    theirs.delete(table, row.key);
                } else {
                    theirs.put(table, row.key, row.value);
                }
            }
            assertThat(ours.toByteArray()).as(seed).isEqualTo(theirs.data());
        }
    }

    /** Keys with much in common, some of them equal, some of them the beginning of others. */
    private static Row row(Random random, int number) {
        byte[] prefix = new byte[random.nextInt(3) * 4];
        Arrays.fill(prefix, (byte) (random.nextInt(10) == 0 ? 0xFF : 'p'));
        byte[] key = random.nextInt(20) == 0 ? prefix : Rows.concat(prefix, Rows.timestamp(number - 5L));
        key = Arrays.copyOf(key, key.length + random.nextInt(3));
        byte[] value = random.nextInt(5) == 0
                ? null
                : random.nextBoolean() ? NOTHING : new byte[random.nextInt(random.nextInt(50) == 0 ? 100_000 : 200)];
        return new Row(key, value);
    }

    private record Row(byte[] key, byte @Nullable [] value) {}
}
