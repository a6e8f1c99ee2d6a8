package io.forebay.store;

import io.forebay.store.EventDatabase.RowBatch;
import io.forebay.store.EventDatabase.Table;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.rocksdb.RocksIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which indexes a database has rows of: their numbers, and the version and shape they were written with. Persisted, so
 * that opening with another definition drops the rows of indexes that are gone and fills those that are new or changed.
 *
 * <pre>
 * meta row   "index/" name   → number (4) | version (4) | types of the parts, as text
 *            "filling/" name → the same, then how far it has come: {@link IndexProgress}
 * </pre>
 *
 * <p>An index is in one of these from the moment it gets its number, and in the first once all its rows are written. Filling
 * that is cut short goes on where it was: nothing else writes before it is done, and each batch of rows carries its
 * progress. Numbers are never used twice.
 */
final class IndexCatalogue {

    private static final Logger log = LoggerFactory.getLogger(IndexCatalogue.class);

    private static final String COMPLETE = "index/";
    private static final String FILLING = "filling/";
    private static final byte[] NEXT_NUMBER = "next-index".getBytes(StandardCharsets.UTF_8);

    private final EventDatabase database;

    IndexCatalogue(EventDatabase database) {
        this.database = database;
    }

    /** Brings the rows in line with a definition; the numbers of its indexes, in their order. */
    <E> int[] reconcile(EventDefinition<E> definition, String topic) {
        return reconcile(definition.indexes(), new EventRows<>(new EventCodec<>(definition, topic, new int[0])));
    }

    /** Brings the rows in line with these indexes; their numbers, in their order. */
    <E> int[] reconcile(List<EventIndex<E>> indexes, IndexedRows<E> rows) {
        Map<String, IndexRow> complete = load(COMPLETE, IndexRow::read);
        Map<String, IndexProgress> filling = load(FILLING, IndexProgress::read);
        complete.entrySet().removeIf(entry -> isStale(indexes, entry.getKey(), entry.getValue(), COMPLETE));
        filling.entrySet()
                .removeIf(entry ->
                        isStale(indexes, entry.getKey(), entry.getValue().row(), FILLING));
        int[] numbers = new int[indexes.size()];
        Map<EventIndex<E>, IndexProgress> missing = new LinkedHashMap<>();
        for (int i = 0; i < numbers.length; i++) {
            EventIndex<E> index = indexes.get(i);
            IndexRow row = complete.get(index.name());
            if (row == null) {
                IndexProgress progress = filling.get(index.name());
                missing.put(index, progress != null ? progress : begin(index));
                row = missing.get(index).row();
            }
            numbers[i] = row.number();
        }
        fill(missing, rows);
        return numbers;
    }

    private <T> Map<String, T> load(String prefix, Function<ByteBuffer, T> reader) {
        Map<String, T> rows = new TreeMap<>();
        byte[] prefixBytes = prefix.getBytes(StandardCharsets.UTF_8);
        try (DatabaseSnapshot snapshot = database.snapshot()) {
            RocksIterator iterator = snapshot.iterator(Table.META);
            for (iterator.seek(prefixBytes);
                    iterator.isValid() && Rows.startsWith(iterator.key(), prefixBytes);
                    iterator.next()) {
                String key = new String(iterator.key(), StandardCharsets.UTF_8);
                rows.put(key.substring(prefix.length()), reader.apply(ByteBuffer.wrap(iterator.value())));
            }
            snapshot.check(iterator);
        }
        return rows;
    }

    private <E> boolean isStale(List<EventIndex<E>> indexes, String name, IndexRow row, String prefix) {
        if (indexes.stream().anyMatch(index -> index.name().equals(name) && row.describes(index))) {
            return false;
        }
        log.info(
                "Dropping the rows of index {} (version {}) in {}: it is gone or has changed",
                name,
                row.version(),
                database.directory());
        RowBatch batch = database.newBatch();
        batch.deleteAll(Table.INDEX, KeyPattern.indexNumber(row.number()));
        batch.delete(Table.META, key(prefix, name));
        database.write(batch);
        return true;
    }

    /** Gives a number to an index, and notes that it is being filled. */
    private IndexProgress begin(EventIndex<?> index) {
        byte[] stored = database.get(Table.META, NEXT_NUMBER);
        int number = stored == null ? 1 : ByteBuffer.wrap(stored).getInt();
        if (number > 0xFFFE) {
            throw new IllegalStateException("this store has had 65,534 indexes; delete its directory to start again");
        }
        IndexProgress progress = IndexProgress.none(IndexRow.of(index, number));
        byte[] next = ByteBuffer.allocate(Integer.BYTES).putInt(number + 1).array();
        RowBatch batch = database.newBatch();
        batch.put(Table.META, NEXT_NUMBER, next);
        batch.put(Table.META, key(FILLING, index.name()), progress.write());
        database.write(batch);
        return progress;
    }

    /** Fills together what has come equally far: usually all of them, from the beginning. */
    private <E> void fill(Map<EventIndex<E>, IndexProgress> missing, IndexedRows<E> rows) {
        while (!missing.isEmpty()) {
            IndexProgress first = missing.values().iterator().next();
            Map<EventIndex<E>, IndexRow> together = new LinkedHashMap<>();
            missing.forEach((index, progress) -> {
                if (progress.isAsFarAs(first)) {
                    together.put(index, progress.row());
                }
            });
            new IndexFiller<>(database, rows, together, IndexCatalogue::fillingKey).fill(first);
            complete(together);
            missing.keySet().removeAll(together.keySet());
        }
    }

    private <E> void complete(Map<EventIndex<E>, IndexRow> filled) {
        RowBatch batch = database.newBatch();
        filled.forEach((index, row) -> {
            batch.put(Table.META, key(COMPLETE, index.name()), row.write());
            batch.delete(Table.META, fillingKey(index));
        });
        database.write(batch);
    }

    private static byte[] fillingKey(EventIndex<?> index) {
        return key(FILLING, index.name());
    }

    private static byte[] key(String prefix, String name) {
        return (prefix + name).getBytes(StandardCharsets.UTF_8);
    }
}
