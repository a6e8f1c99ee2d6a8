package io.forebay.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * Looks up many keys, one by one, into one buffer: what RocksDB saves with its own {@code multiGet}, its Java interface takes again.
 * And {@code multiGetAsList} cannot tell a row that is not there from one that cannot be read; here the latter is an error.
 */
final class MultiGet {

    private final RocksDB db;
    private final ReadOptions options;
    private final ColumnFamilyHandle table;
    private final int valueBytes;

    /** @param valueBytes how long values are, mostly; longer ones cost a look-up of their own */
    MultiGet(RocksDB db, ReadOptions options, ColumnFamilyHandle table, int valueBytes) {
        this.db = db;
        this.options = options;
        this.table = table;
        this.valueBytes = valueBytes;
    }

    /** The values of the keys, in their order; null where there is none. */
    List<byte @Nullable []> get(List<byte[]> keys) throws RocksDBException {
        List<byte @Nullable []> values = new ArrayList<>(keys.size());
        byte[] buffer = new byte[valueBytes];
        for (byte[] key : keys) {
            int length = db.get(table, options, key, buffer);
            if (length == RocksDB.NOT_FOUND) {
                values.add(null);
            } else if (length <= buffer.length) {
                values.add(Arrays.copyOf(buffer, length));
            } else {
                buffer = Objects.requireNonNull(db.get(table, options, key));
                values.add(buffer.clone());
            }
        }
        return values;
    }
}
