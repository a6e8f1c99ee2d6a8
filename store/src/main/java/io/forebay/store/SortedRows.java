package io.forebay.store;

import java.util.Arrays;

/**
 * The rows of one table for a batch, to be read in the order of their keys; RocksDB takes sorted rows up to a third faster. Of
 * two rows with the same key the one added first comes first. Rows lie one behind the other in chunks, so that a row costs no object
 * and nothing is copied to make room for more.
 *
 * <p><b>Sorting.</b> What all keys have in common is skipped; the next five bytes of each key and the number of its row make one
 * long, and longs are sorted fast. Rows that agree in these bytes too are sorted among themselves in the same way, unless
 * they are in order already, as rows that come in the order of time often are. Not thread-safe.
 */
final class SortedRows {

    /** Rows are numbered in the lower bits of what is sorted. */
    static final int MAX_ROWS = 1 << 24;

    private static final int NUMBER_BITS = 24;
    private static final int PREFIX_BYTES = (Long.SIZE - NUMBER_BITS) / Byte.SIZE;
    private static final int FEW = 12;
    private static final int NO_VALUE = -1;

    private static final int SMALL_CHUNK_BYTES = 1 << 10;
    private static final int CHUNK_BYTES = 64 << 10;

    /** The chunk being filled, and how far. */
    private byte[] chunk = {};

    private int chunkLength;

    /** For each row: its chunk, where in it the key begins, which the value follows, and how long they are. */
    private byte[][] chunks = new byte[16][];

    private int[] keyAt = new int[16];
    private int[] keyLengths = new int[16];
    private int[] valueLengths = new int[16];
    private int size;

    void put(byte[] key, byte[] suffix, byte[] value) {
        add(key, suffix, value.length);
        append(value);
    }

    void delete(byte[] key, byte[] suffix) {
        add(key, suffix, NO_VALUE);
    }

    int size() {
        return size;
    }

    /** How many bytes the rows add to a batch. */
    long sizeInBatch(int columnFamily) {
        long bytes = 0;
        for (int row = 0; row < size; row++) {
            bytes += valueLengths[row] == NO_VALUE
                    ? BatchBytes.sizeOfDelete(columnFamily, keyLengths[row])
                    : BatchBytes.sizeOfPut(columnFamily, keyLengths[row], valueLengths[row]);
        }
        return bytes;
    }

    /** Appends all rows, in order, to a batch. */
    void writeTo(BatchBytes batch, int columnFamily) {
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            order[i] = i;
        }
        sort(order, 0, size);
        for (int row : order) {
            if (valueLengths[row] == NO_VALUE) {
                batch.delete(columnFamily, chunks[row], keyAt[row], keyLengths[row]);
            } else {
                batch.put(columnFamily, chunks[row], keyAt[row], keyLengths[row], valueLengths[row]);
            }
        }
    }

    private void add(byte[] key, byte[] suffix, int valueLength) {
        if (size == keyAt.length) {
            if (size == MAX_ROWS) {
                throw new IllegalStateException("a batch cannot have more than " + MAX_ROWS + " rows of a table");
            }
            chunks = Arrays.copyOf(chunks, size * 2);
            keyAt = Arrays.copyOf(keyAt, size * 2);
            keyLengths = Arrays.copyOf(keyLengths, size * 2);
            valueLengths = Arrays.copyOf(valueLengths, size * 2);
        }
        int keyLength = key.length + suffix.length;
        ensureRoom(Math.addExact(keyLength, Math.max(0, valueLength)));
        chunks[size] = chunk;
        keyAt[size] = chunkLength;
        keyLengths[size] = keyLength;
        valueLengths[size] = valueLength;
        size++;
        append(key);
        append(suffix);
    }

    private void ensureRoom(int bytes) {
        if (chunk.length - chunkLength < bytes) {
            chunk = new byte[Math.max(bytes, size == 0 ? SMALL_CHUNK_BYTES : CHUNK_BYTES)];
            chunkLength = 0;
        }
    }

    private void append(byte[] bytes) {
        System.arraycopy(bytes, 0, chunk, chunkLength, bytes.length);
        chunkLength += bytes.length;
    }

    private void sort(int[] order, int from, int to) {
        if (isSorted(order, from, to)) {
            return;
        }
        int common = commonPrefix(order, from, to);
        if (to - from <= FEW) {
            insertionSort(order, from, to);
            return;
        }
        if (common == shortestKey(order, from, to)) {
            sort(order, moveForward(order, from, to, common), to);
            return;
        }
        long[] packed = new long[to - from];
        for (int i = 0; i < packed.length; i++) {
            packed[i] = bytesAt(order[from + i], common) << NUMBER_BITS | order[from + i];
        }
        Arrays.sort(packed);
        for (int i = 0; i < packed.length; i++) {
            order[from + i] = (int) packed[i] & MAX_ROWS - 1;
        }
        int runStart = 0;
        for (int i = 1; i <= packed.length; i++) {
            if (i == packed.length || packed[i] >>> NUMBER_BITS != packed[runStart] >>> NUMBER_BITS) {
                sort(order, from + runStart, from + i);
                runStart = i;
            }
        }
    }

    /** Moves the rows with keys of a length, which are all the same and the smallest, to the front; where the others begin. */
    private int moveForward(int[] order, int from, int to, int keyLength) {
        int[] others = new int[to - from];
        int other = 0;
        int at = from;
        for (int i = from; i < to; i++) {
            if (keyLengths[order[i]] == keyLength) {
                order[at++] = order[i];
            } else {
                others[other++] = order[i];
            }
        }
        System.arraycopy(others, 0, order, at, other);
        return at;
    }

    private boolean isSorted(int[] order, int from, int to) {
        for (int i = from + 1; i < to; i++) {
            if (compare(order[i - 1], order[i]) > 0) {
                return false;
            }
        }
        return true;
    }

    private void insertionSort(int[] order, int from, int to) {
        for (int i = from + 1; i < to; i++) {
            int row = order[i];
            int at = i;
            while (at > from && compare(order[at - 1], row) > 0) {
                order[at] = order[at - 1];
                at--;
            }
            order[at] = row;
        }
    }

    private int compare(int left, int right) {
        return Arrays.compareUnsigned(
                chunks[left],
                keyAt[left],
                keyAt[left] + keyLengths[left],
                chunks[right],
                keyAt[right],
                keyAt[right] + keyLengths[right]);
    }

    private int commonPrefix(int[] order, int from, int to) {
        int first = order[from];
        int common = keyLengths[first];
        for (int i = from + 1; i < to && common > 0; i++) {
            int row = order[i];
            int mismatch = Arrays.mismatch(
                    chunks[first],
                    keyAt[first],
                    keyAt[first] + common,
                    chunks[row],
                    keyAt[row],
                    keyAt[row] + Math.min(common, keyLengths[row]));
            common = mismatch < 0 ? Math.min(common, keyLengths[row]) : mismatch;
        }
        return common;
    }

    private int shortestKey(int[] order, int from, int to) {
        int shortest = Integer.MAX_VALUE;
        for (int i = from; i < to; i++) {
            shortest = Math.min(shortest, keyLengths[order[i]]);
        }
        return shortest;
    }

    /** The next bytes of a key as the upper part of a number that sorts as they do, the sign of a long considered. */
    private long bytesAt(int row, int skip) {
        long bytes = 0;
        byte[] data = chunks[row];
        for (int i = skip; i < skip + PREFIX_BYTES; i++) {
            bytes = bytes << Byte.SIZE | (i < keyLengths[row] ? data[keyAt[row] + i] & 0xFF : 0);
        }
        return bytes ^ 1L << PREFIX_BYTES * Byte.SIZE - 1;
    }
}
