package io.forebay.store;

import java.time.Instant;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an event store holds at one moment, uncommitted events included.
 *
 * @param total the number of events
 * @param oldest the smallest timestamp, or null while the store is empty
 * @param newest the largest timestamp, or null while the store is empty
 * @param evicted the number of events that have left by retention, by the bound on their number or by
 *     {@link EventStore#deleteBefore}, ever
 * @param late the number of events refused since the store was opened, because they were older than that
 * @param uncommitted the number of puts and deletes in memory that RocksDB does not have yet
 * @param uncommittedBytes the memory these take, in bytes, estimated
 * @param diskBytes the size of the data files and of the write-ahead log, in bytes
 */
public record EventStoreStats(
        long total,
        @Nullable Instant oldest,
        @Nullable Instant newest,
        long evicted,
        long late,
        long uncommitted,
        long uncommittedBytes,
        long diskBytes) {

    /** The stats of nothing. */
    public static final EventStoreStats EMPTY = new EventStoreStats(0, null, null, 0, 0, 0, 0, 0);

    /** The stats of two stores (partitions) taken together. */
    public EventStoreStats plus(EventStoreStats other) {
        return new EventStoreStats(
                total + other.total,
                Stream.of(oldest, other.oldest)
                        .filter(Objects::nonNull)
                        .min(Instant::compareTo)
                        .orElse(null),
                Stream.of(newest, other.newest)
                        .filter(Objects::nonNull)
                        .max(Instant::compareTo)
                        .orElse(null),
                evicted + other.evicted,
                late + other.late,
                uncommitted + other.uncommitted,
                uncommittedBytes + other.uncommittedBytes,
                diskBytes + other.diskBytes);
    }
}
