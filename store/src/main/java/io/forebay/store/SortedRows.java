package io.forebay.store;

import java.util.Arrays;

/**
 * The rows of one table for a batch, to be read in the order of their keys; RocksDB takes sorted rows up to a third faster. Of
 * two rows with the same key the one added first comes first. Rows lie one behind the other in one array, so that a row costs no object.
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

    private byte[] data = new byte[256];
    private int dataLength;
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

    /** Appends all rows, in order, to a batch. */
    void writeTo(BatchBytes batch, int columnFamily) {
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            order[i] = i;
        }
        sort(order, 0, size);
        for (int row : order) {
            if (valueLengths[row] == NO_VALUE) {
                batch.delete(columnFamily, data, keyAt[row], keyLengths[row]);
            } else {
                batch.put(columnFamily, data, keyAt[row], keyLengths[row], valueLengths[row]);
            }
        }
    }

    private void add(byte[] key, byte[] suffix, int valueLength) {
        if (size == keyAt.length) {
            if (size == MAX_ROWS) {
                throw new IllegalStateException("a batch cannot have more than " + MAX_ROWS + " rows of a table");
            }
            keyAt = Arrays.copyOf(keyAt, size * 2);
            keyLengths = Arrays.copyOf(keyLengths, size * 2);
            valueLengths = Arrays.copyOf(valueLengths, size * 2);
        }
        keyAt[size] = dataLength;
        keyLengths[size] = key.length + suffix.length;
        valueLengths[size] = valueLength;
        size++;
        append(key);
        append(suffix);
    }

    private void append(byte[] bytes) {
        if (data.length - dataLength < bytes.length) {
            data = Arrays.copyOf(data, Math.max(Math.addExact(dataLength, bytes.length), data.length * 2));
        }
        System.arraycopy(bytes, 0, data, dataLength, bytes.length);
        dataLength += bytes.length;
    }

    private void sort(int[] order, int from, int to) {
        if (isSorted(order, from, to)) {
            return;
        }
        int common = commonPrefix(order, from, to);
        if (to - from <= FEW || common == shortestKey(order, from, to)) {
            insertionSort(order, from, to);
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
                data,
                keyAt[left],
                keyAt[left] + keyLengths[left],
                data,
                keyAt[right],
                keyAt[right] + keyLengths[right]);
    }

    private int commonPrefix(int[] order, int from, int to) {
        int first = order[from];
        int common = keyLengths[first];
        for (int i = from + 1; i < to && common > 0; i++) {
            int row = order[i];
            int mismatch = Arrays.mismatch(
                    data,
                    keyAt[first],
                    keyAt[first] + common,
                    data,
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
        for (int i = skip; i < skip + PREFIX_BYTES; i++) {
            bytes = bytes << Byte.SIZE | (i < keyLengths[row] ? data[keyAt[row] + i] & 0xFF : 0);
        }
        return bytes ^ 1L << PREFIX_BYTES * Byte.SIZE - 1;
    }
}
