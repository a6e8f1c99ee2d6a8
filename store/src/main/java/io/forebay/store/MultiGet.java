package io.forebay.store;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ByteBufferGetStatus;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/**
 * Looks up many keys in one call. RocksDB's own {@code multiGetAsList} cannot tell a row that is not there from one that cannot be
 * read; here the latter is an error, as in a look-up of one key.
 */
final class MultiGet {

    private static final int KEYS_PER_CALL = 1_000;

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
        for (int from = 0; from < keys.size(); from += KEYS_PER_CALL) {
            addValues(keys.subList(from, Math.min(keys.size(), from + KEYS_PER_CALL)), values);
        }
        return values;
    }

    private void addValues(List<byte[]> keys, List<byte @Nullable []> to) throws RocksDBException {
        ByteBuffer memory = ByteBuffer.allocateDirect(
                keys.stream().mapToInt(key -> key.length + valueBytes).sum());
        List<ByteBuffer> keyBuffers = new ArrayList<>(keys.size());
        List<ByteBuffer> valueBuffers = new ArrayList<>(keys.size());
        for (byte[] key : keys) {
            keyBuffers.add(next(memory, key.length).put(0, key));
            valueBuffers.add(next(memory, valueBytes));
        }
        List<ByteBufferGetStatus> found = db.multiGetByteBuffers(options, List.of(table), keyBuffers, valueBuffers);
        for (int i = 0; i < keys.size(); i++) {
            to.add(value(found.get(i), valueBuffers.get(i), keys.get(i)));
        }
    }

    private byte @Nullable [] value(ByteBufferGetStatus found, ByteBuffer buffer, byte[] key) throws RocksDBException {
        if (found.status.getCode() == Status.Code.NotFound) {
            return null;
        }
        if (found.status.getCode() != Status.Code.Ok) {
            throw new RocksDBException(found.status);
        }
        if (found.requiredSize > valueBytes) {
            return db.get(table, options, key);
        }
        byte[] value = new byte[found.requiredSize];
        buffer.duplicate().clear().get(0, value);
        return value;
    }

    private static ByteBuffer next(ByteBuffer memory, int length) {
        ByteBuffer slice = memory.slice(memory.position(), length);
        memory.position(memory.position() + length);
        return slice;
    }
}
