package io.forebay.store;

import io.forebay.store.EventDatabase.RowBatch;
import io.forebay.store.EventDatabase.Table;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.rocksdb.RocksIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which indexes a database has rows of: their numbers, and the version and shape they were written with. Persisted, so
 * that opening with another definition drops the rows of indexes that are gone and fills those that are new or changed.
 *
 * <pre>
 * meta row   "index/" name → number (4) | version (4) | types of the parts, as text
 * </pre>
 *
 * <p>An index enters the catalogue only once all its rows are written, so filling that is cut short starts again. Numbers
 * are never used twice.
 */
final class IndexCatalogue {

    private static final Logger log = LoggerFactory.getLogger(IndexCatalogue.class);

    private static final String ROW_PREFIX = "index/";
    private static final byte[] NEXT_NUMBER = "next-index".getBytes(StandardCharsets.UTF_8);
    private static final int EVENTS_PER_BATCH = 1_000;

    private final EventDatabase database;

    IndexCatalogue(EventDatabase database) {
        this.database = database;
    }

    /** Brings the rows in line with a definition; the numbers of its indexes, in their order. */
    <E> int[] reconcile(EventDefinition<E> definition, String topic) {
        Map<String, Row> present = load();
        present.entrySet().removeIf(entry -> {
            boolean stale = definition
                    .index(entry.getKey())
                    .filter(entry.getValue()::describes)
                    .isEmpty();
            if (stale) {
                drop(entry.getKey(), entry.getValue());
            }
            return stale;
        });
        List<EventIndex<E>> indexes = definition.indexes();
        int[] numbers = new int[indexes.size()];
        Map<EventIndex<E>, Integer> missing = new HashMap<>();
        for (int i = 0; i < numbers.length; i++) {
            Row row = present.get(indexes.get(i).name());
            numbers[i] = row != null ? row.number : nextNumber();
            if (row == null) {
                missing.put(indexes.get(i), numbers[i]);
            }
        }
        if (!missing.isEmpty()) {
            fill(missing, new EventCodec<>(definition, topic, numbers));
        }
        return numbers;
    }

    private Map<String, Row> load() {
        Map<String, Row> rows = new TreeMap<>();
        byte[] prefix = ROW_PREFIX.getBytes(StandardCharsets.UTF_8);
        try (DatabaseSnapshot snapshot = database.snapshot()) {
            RocksIterator iterator = snapshot.iterator(Table.META);
            for (iterator.seek(prefix);
                    iterator.isValid() && Rows.startsWith(iterator.key(), prefix);
                    iterator.next()) {
                String key = new String(iterator.key(), StandardCharsets.UTF_8);
                rows.put(key.substring(ROW_PREFIX.length()), Row.read(iterator.value()));
            }
            snapshot.check(iterator);
        }
        return rows;
    }

    private void drop(String name, Row row) {
        log.info("Dropping the rows of index {} (version {}), which is gone or has changed", name, row.version);
        try (RowBatch batch = database.newBatch()) {
            batch.deleteAll(Table.INDEX, KeyPattern.indexNumber(row.number));
            batch.delete(Table.META, key(name));
            database.write(batch);
        }
    }

    private int nextNumber() {
        byte[] stored = database.get(Table.META, NEXT_NUMBER);
        int number = stored == null ? 1 : ByteBuffer.wrap(stored).getInt();
        if (number > 0xFFFE) {
            throw new IllegalStateException("this store has had 65,534 indexes; delete its directory to start again");
        }
        try (RowBatch batch = database.newBatch()) {
            batch.put(
                    Table.META,
                    NEXT_NUMBER,
                    ByteBuffer.allocate(Integer.BYTES).putInt(number + 1).array());
            database.write(batch);
        }
        return number;
    }

    private <E> void fill(Map<EventIndex<E>, Integer> missing, EventCodec<E> codec) {
        long events = 0;
        try (DatabaseSnapshot snapshot = database.snapshot()) {
            RocksIterator iterator = snapshot.iterator(Table.EVENTS);
            iterator.seekToFirst();
            while (iterator.isValid()) {
                try (RowBatch batch = database.newBatch()) {
                    for (int i = 0; i < EVENTS_PER_BATCH && iterator.isValid(); i++, iterator.next(), events++) {
                        byte[] position = iterator.key();
                        E event = codec.deserialize(iterator.value());
                        missing.forEach((index, number) -> codec.indexKeys(event, index, number)
                                .forEach(key -> batch.put(Table.INDEX, Rows.concat(key, position), new byte[0])));
                    }
                    database.write(batch);
                }
            }
            snapshot.check(iterator);
        }
        try (RowBatch batch = database.newBatch()) {
            missing.forEach((index, number) -> batch.put(
                    Table.META, key(index.name()), Row.of(index, number).write()));
            database.write(batch);
        }
        if (events > 0) {
            log.info(
                    "Indexed {} events by {}",
                    events,
                    missing.keySet().stream().map(EventIndex::name).toList());
        }
    }

    private static byte[] key(String name) {
        return (ROW_PREFIX + name).getBytes(StandardCharsets.UTF_8);
    }

    /** One index, as it was written. */
    private record Row(int number, int version, String shape) {

        static Row of(EventIndex<?> index, int number) {
            return new Row(number, index.version(), shape(index));
        }

        static Row read(byte[] bytes) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            int number = buffer.getInt();
            int version = buffer.getInt();
            return new Row(
                    number, version, StandardCharsets.UTF_8.decode(buffer).toString());
        }

        byte[] write() {
            byte[] shapeBytes = shape.getBytes(StandardCharsets.UTF_8);
            return ByteBuffer.allocate(2 * Integer.BYTES + shapeBytes.length)
                    .putInt(number)
                    .putInt(version)
                    .put(shapeBytes)
                    .array();
        }

        boolean describes(EventIndex<?> index) {
            return version == index.version() && shape.equals(shape(index));
        }

        private static String shape(EventIndex<?> index) {
            return index.parts().stream()
                    .map(part -> part.name() + ":" + part.type())
                    .reduce((left, right) -> left + "," + right)
                    .orElseThrow();
        }
    }
}
