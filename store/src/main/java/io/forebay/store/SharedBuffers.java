package io.forebay.store;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * The native side of a {@link StoreMemory}, and who uses it.
 *
 * <p>RocksDB's write buffer manager can only flush the database that is being written to. Stores that have gone idle would
 * keep what they hold, and the busy ones would have to flush at every write. So the largest holder is flushed here, before
 * that happens. Writers wait here too when flushing does not keep up; the manager's own way to make them wait is
 * for ever if those that hold the memory are idle.
 *
 * <p>Thread-safe. Members are only touched under the lock, which a member takes to leave before it closes.
 */
final class SharedBuffers implements AutoCloseable {

    /** Write buffers are charged in steps of 256 KiB, which small shards would not share out evenly. */
    private static final long SHARD_BYTES = 16L << 20;

    private static final int MAX_SHARD_BITS = 6;
    private static final double HIGH_PRIORITY_SHARE = 0.2;

    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Member> members = new HashSet<>();
    private final Cache cache;
    private final WriteBufferManager writeBuffers;
    private final long writeBufferBytes;

    SharedBuffers(long totalBytes, long writeBufferBytes) {
        RocksDB.loadLibrary();
        // Not strict: with a strict limit reads fail when it is reached, instead of going a little beyond it.
        cache = new LRUCache(totalBytes, shardBits(totalBytes), false, HIGH_PRIORITY_SHARE);
        writeBuffers = new WriteBufferManager(writeBufferBytes, cache);
        this.writeBufferBytes = writeBufferBytes;
    }

    private static int shardBits(long totalBytes) {
        long shards = Math.max(1, totalBytes / SHARD_BYTES);
        return Math.min(MAX_SHARD_BITS, Long.SIZE - 1 - Long.numberOfLeadingZeros(shards));
    }

    Cache cache() {
        return cache;
    }

    WriteBufferManager writeBuffers() {
        return writeBuffers;
    }

    long usedBytes() {
        return cache.getUsage();
    }

    long pinnedBytes() {
        return cache.getPinnedUsage();
    }

    void join(Member member) {
        lock.lock();
        try {
            members.add(member);
        } finally {
            lock.unlock();
        }
    }

    void leave(Member member) {
        lock.lock();
        try {
            members.remove(member);
        } finally {
            lock.unlock();
        }
    }

    /**
     * To be called after a write, by a thread that may wait: starts to flush the largest holder if there is much in write
     * buffers, and waits for that if there is too much, those that are being flushed included. O(members).
     */
    void balance() {
        lock.lock();
        try {
            Holders filling = holders(Member::writeBufferBytes);
            if (filling.largest != null && filling.bytes > writeBufferBytes / 2) {
                filling.largest.flush(false);
            }
            Holders all = holders(Member::allWriteBufferBytes);
            if (all.largest != null && all.bytes > writeBufferBytes) {
                all.largest.flush(true);
            }
        } finally {
            lock.unlock();
        }
    }

    private Holders holders(ToLongFunction<Member> measure) {
        long sumBytes = 0;
        long largestBytes = 0;
        Member largest = null;
        for (Member member : members) {
            long bytes = measure.applyAsLong(member);
            sumBytes += bytes;
            if (bytes > largestBytes) {
                largestBytes = bytes;
                largest = member;
            }
        }
        return new Holders(sumBytes, largest);
    }

    @Override
    public void close() {
        writeBuffers.close();
        cache.close();
    }

    /** What all members hold together, and who holds most of it. */
    private record Holders(long bytes, @Nullable Member largest) {}

    /** A database that holds write buffers. */
    interface Member {

        /** What its write buffers hold that is not being flushed yet. */
        long writeBufferBytes();

        /** What its write buffers hold, being flushed or not. */
        long allWriteBufferBytes();

        /** Flushes all of it. Does not fail: if the disk does, the next write will say so. */
        void flush(boolean wait);
    }
}
