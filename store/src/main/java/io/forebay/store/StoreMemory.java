package io.forebay.store;

import org.jspecify.annotations.Nullable;

/**
 * The native memory that RocksDB may use for a group of stores: one cache for blocks, filters and index blocks, and out of
 * the same budget the write buffers (memtables). By default all stores of the process share {@link #shared()}, so that
 * the bound can be set against a container's limit without knowing how many tasks will run here.
 *
 * <p><b>How firm the bound is.</b> Write buffers are charged to the cache, so that they push blocks out of it. When half
 * of their share is in use, the store that holds most of it is flushed, whoever is writing; when all of it is,
 * those being flushed included, writers wait. Past the bound can go what is pinned: blocks under open iterators, and what is
 * being written. Outside of it are a few KiB for each data file, and what the JVM itself
 * holds ({@link EventStoreBuilder#maxUncommittedBytes}).
 *
 * <p>Thread-safe. Native memory is taken when the first store opens, and given back when the last one closes; there is
 * nothing to close here.
 */
public final class StoreMemory {

    /** 256 MiB, half of it for write buffers. */
    public static final long DEFAULT_TOTAL_BYTES = 256L << 20;

    private static final long MIN_TOTAL_BYTES = 1L << 20;
    private static final StoreMemory SHARED = of(DEFAULT_TOTAL_BYTES);

    private final long totalBytes;
    private final long writeBufferBytes;
    private @Nullable SharedBuffers buffers;
    private int users;

    private StoreMemory(long totalBytes, long writeBufferBytes) {
        this.totalBytes = totalBytes;
        this.writeBufferBytes = writeBufferBytes;
    }

    /** What stores use that are not told otherwise: {@value #DEFAULT_TOTAL_BYTES} bytes for the whole process. */
    public static StoreMemory shared() {
        return SHARED;
    }

    /**
     * A budget of its own, half of it for write buffers.
     *
     * @throws IllegalArgumentException if it is less than 1 MiB
     */
    public static StoreMemory of(long totalBytes) {
        return of(totalBytes, totalBytes / 2);
    }

    /**
     * A budget of its own.
     *
     * @param totalBytes for everything, at least 1 MiB
     * @param writeBufferBytes how much of it write buffers may take: the more, the fewer and larger the files that are
     *     written; the rest is there for what is read
     * @throws IllegalArgumentException if the total is less than 1 MiB, or the part is not positive or not less than the total
     */
    public static StoreMemory of(long totalBytes, long writeBufferBytes) {
        if (totalBytes < MIN_TOTAL_BYTES) {
            throw new IllegalArgumentException("totalBytes=" + totalBytes + " must be at least " + MIN_TOTAL_BYTES);
        }
        if (writeBufferBytes < 1 || writeBufferBytes >= totalBytes) {
            throw new IllegalArgumentException("writeBufferBytes=" + writeBufferBytes
                    + " must be at least 1 and less than totalBytes=" + totalBytes);
        }
        return new StoreMemory(totalBytes, writeBufferBytes);
    }

    /** The bound, in bytes. */
    public long totalBytes() {
        return totalBytes;
    }

    /** The part of it that write buffers may take, in bytes. */
    public long writeBufferBytes() {
        return writeBufferBytes;
    }

    /** What is in use now, write buffers included, in bytes; 0 while no store is open. O(1). */
    public synchronized long usedBytes() {
        return buffers == null ? 0 : buffers.usedBytes();
    }

    /** What of that cannot be given up now: blocks that are being read, and write buffers; in bytes. O(1). */
    public synchronized long pinnedBytes() {
        return buffers == null ? 0 : buffers.pinnedBytes();
    }

    /** To be given back with {@link #release}. */
    synchronized SharedBuffers acquire() {
        if (buffers == null) {
            buffers = new SharedBuffers(totalBytes, writeBufferBytes);
        }
        users++;
        return buffers;
    }

    synchronized void release() {
        users--;
        if (users == 0 && buffers != null) {
            buffers.close();
            buffers = null;
        }
    }

    @Override
    public String toString() {
        return "StoreMemory[totalBytes=" + totalBytes + ", writeBufferBytes=" + writeBufferBytes + "]";
    }
}
