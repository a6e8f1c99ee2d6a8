package io.forebay.store;

/**
 * What a latest store holds at one moment, uncommitted updates included.
 *
 * @param total the number of keys that have a value
 * @param uncommitted the number of changed rows in memory that RocksDB does not have yet
 * @param uncommittedBytes the memory these take, in bytes, estimated
 * @param diskBytes the size of the data files and of the write-ahead log, in bytes
 */
public record LatestStoreStats(long total, long uncommitted, long uncommittedBytes, long diskBytes) {

    /** The stats of nothing. */
    public static final LatestStoreStats EMPTY = new LatestStoreStats(0, 0, 0, 0);

    /** The stats of two stores (partitions) taken together. */
    public LatestStoreStats plus(LatestStoreStats other) {
        return new LatestStoreStats(
                total + other.total,
                uncommitted + other.uncommitted,
                uncommittedBytes + other.uncommittedBytes,
                diskBytes + other.diskBytes);
    }
}
