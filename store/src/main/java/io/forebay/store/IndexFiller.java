package io.forebay.store;

import io.forebay.store.EventDatabase.RowBatch;
import io.forebay.store.EventDatabase.Table;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.rocksdb.RocksIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the rows of indexes that a store did not have before, from what it holds: in batches, each with the progress it
 * stands for. Belongs to the thread that opens the store, which waits; {@code docs/decisions/203} says for how long.
 */
final class IndexFiller<E> {

    private static final Logger log = LoggerFactory.getLogger(IndexFiller.class);

    static final int EVENTS_PER_BATCH = 5_000;

    private static final int REPORTS = 10;
    private static final byte[] NO_VALUE = {};

    private final EventDatabase database;
    private final IndexedRows<E> rows;
    private final Map<EventIndex<E>, IndexRow> indexes;
    private final Function<EventIndex<E>, byte[]> progressKey;
    private final List<String> names;

    IndexFiller(
            EventDatabase database,
            IndexedRows<E> rows,
            Map<EventIndex<E>, IndexRow> indexes,
            Function<EventIndex<E>, byte[]> progressKey) {
        this.database = database;
        this.rows = rows;
        this.indexes = indexes;
        this.progressKey = progressKey;
        this.names = indexes.keySet().stream().map(EventIndex::name).toList();
    }

    /** Goes on from there to the end. */
    void fill(IndexProgress from) {
        try (DatabaseSnapshot snapshot = database.snapshot()) {
            long total = StoreMeta.contents(snapshot).events();
            long events = from.events();
            if (events > 0) {
                log.info("Filling of {} in {} goes on after {} events", names, database.directory(), events);
            }
            RocksIterator iterator = snapshot.iterator(rows.table());
            seekBehind(iterator, from.last());
            while (iterator.isValid()) {
                long before = events;
                events += fillBatch(iterator, events);
                report(before, events, total);
            }
            snapshot.check(iterator);
        }
    }

    private static void seekBehind(RocksIterator iterator, byte[] last) {
        if (last.length == 0) {
            iterator.seekToFirst();
        } else {
            iterator.seek(Rows.concat(last, new byte[1])); // the smallest key that is greater
        }
    }

    /** How many events there were. */
    private int fillBatch(RocksIterator iterator, long eventsBefore) {
        int count = 0;
        byte[] position = {};
        RowBatch batch = database.newBatch();
        for (int i = 0; i < EVENTS_PER_BATCH && iterator.isValid(); i++, iterator.next()) {
            position = iterator.key();
            count += addRows(position, iterator.value(), batch);
        }
        for (Map.Entry<EventIndex<E>, IndexRow> index : indexes.entrySet()) {
            IndexProgress progress = new IndexProgress(index.getValue(), eventsBefore + count, position);
            batch.put(Table.META, progressKey.apply(index.getKey()), progress.write());
        }
        database.write(batch);
        return count;
    }

    /** One, or none if the row is nothing that would be in an index. */
    private int addRows(byte[] position, byte[] payload, RowBatch batch) {
        E event = rows.read(payload);
        if (event == null) {
            return 0;
        }
        for (Map.Entry<EventIndex<E>, IndexRow> index : indexes.entrySet()) {
            for (byte[] key : keys(event, index.getKey(), index.getValue().number(), position)) {
                batch.put(Table.INDEX, Rows.concat(key, position), NO_VALUE);
            }
        }
        return 1;
    }

    private List<byte[]> keys(E event, EventIndex<E> index, int number, byte[] position) {
        try {
            return rows.indexKeys(event, index, number);
        } catch (RuntimeException e) {
            throw new ProcessorStateException(
                    "the new index '" + index.name() + "' of the " + database.kind() + " in " + database.directory()
                            + " cannot be filled: stored " + rows.describe(position)
                            + " has no usable value for it: " + e,
                    e);
        }
    }

    /** Ten times in all, and at the end. */
    private void report(long before, long events, long total) {
        if (events >= total || events * REPORTS / total > before * REPORTS / total) {
            log.info("Filled {} in {} from {} of {} events", names, database.directory(), events, total);
        }
    }
}
