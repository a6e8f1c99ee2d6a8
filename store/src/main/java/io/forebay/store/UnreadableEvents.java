package io.forebay.store;

import io.forebay.store.EventDatabase.RowBatch;
import io.forebay.store.EventDatabase.Table;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.rocksdb.RocksIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stored events that are deleted or replaced, and that the serde or an extractor does not understand any more, so that nobody can say which
 * index rows they have. These are looked for among all: one walk over the index table, however many such events there are. Belongs to one thread.
 */
final class UnreadableEvents {

    private static final Logger log = LoggerFactory.getLogger(UnreadableEvents.class);

    private final EventDatabase database;
    private final EventCodec<?> codec;

    /** By position: the index keys that their replacements have. */
    private final Map<Bytes, byte[][]> keptKeys = new HashMap<>();

    UnreadableEvents(EventDatabase database, EventCodec<?> codec) {
        this.database = database;
        this.codec = codec;
    }

    /** @param kept the index keys that an event at the same position is about to have */
    void add(byte[] position, byte[][] kept, RuntimeException reason) {
        keptKeys.put(Bytes.wrap(position), kept);
        log.warn(
                "The stored event '{}' in {} is not understood any more; to delete or replace it, all rows of indexes are looked through",
                EventCodec.idText(Rows.idOf(position)),
                database.directory(),
                reason);
    }

    /** O(index rows), if there is any such event. */
    void deleteIndexRows(RowBatch batch) {
        if (keptKeys.isEmpty()) {
            return;
        }
        try (DatabaseSnapshot snapshot = database.snapshot()) {
            RocksIterator rows = snapshot.iterator(Table.INDEX);
            for (rows.seekToFirst(); rows.isValid(); rows.next()) {
                byte[] row = rows.key();
                byte[] position = codec.positionIn(row);
                byte[][] kept = position == null ? null : keptKeys.get(Bytes.wrap(position));
                if (position != null && kept != null) {
                    byte[] key = Arrays.copyOf(row, row.length - position.length);
                    if (!Rows.contains(kept, key)) {
                        batch.delete(Table.INDEX, key, position);
                    }
                }
            }
            snapshot.check(rows);
        }
    }
}
