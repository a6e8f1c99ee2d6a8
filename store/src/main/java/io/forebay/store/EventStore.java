package io.forebay.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.processor.StateStore;

/**
 * A state store of events, found again by id, by time and by any number of indexes, crash-atomic with Kafka Streams'
 * commits. Made with {@link EventStores#builder}.
 *
 * <p><b>Threads.</b> The methods of this interface belong to the StreamThread of the task; those of
 * {@link ReadOnlyEventStore} may be called from anywhere.
 *
 * <p><b>Durability.</b> What is put is visible to queries at once and kept in memory until the task commits. A crash loses
 * what was not committed, no more; Kafka Streams then processes those records again.
 *
 * @param <E> the type of the events
 */
public interface EventStore<E> extends StateStore, ReadOnlyEventStore<E> {

    /**
     * Does everything with an event that can fail because of it.
     *
     * @throws InvalidEventException if the id is null, empty or no valid Unicode, the timestamp is missing or outside the years 1678 to
     *     2261, an extractor or the serializer throws, the serializer returns null, or the event is with its id larger than the
     *     definition allows
     */
    PreparedEvent<E> prepare(E event);

    /**
     * Puts a prepared event; an event with the same id is replaced, with all its index rows. O(1), no disk access.
     *
     * @return whether it was taken: an event older than the retention, or than what has been deleted by
     *     {@link #deleteBefore} or evicted, is late; it is counted, and the store is unchanged
     */
    boolean put(PreparedEvent<E> event);

    /**
     * Puts an event; one with the same id is replaced, with all its index rows.
     *
     * @return whether it was taken, as above
     * @throws InvalidEventException as {@link #prepare} does; the store is unchanged then
     */
    default boolean put(E event) {
        return put(prepare(event));
    }

    /** Puts events in the order given, but those that are late; none of them if one is invalid. */
    default void putAll(Iterable<? extends E> events) {
        List<PreparedEvent<E>> prepared = new ArrayList<>();
        for (E event : events) {
            prepared.add(prepare(event));
        }
        prepared.forEach(this::put);
    }

    /** Removes the event with this id, if there is one. O(1), no disk access. */
    void delete(String id);

    /**
     * Removes all events with an earlier timestamp, and closes the time before: events older than that are late from now
     * on. Queries see the effect at once; it is committed with the task. One step for each event that goes; their rows are
     * dropped as a range, and what is left of them in indexes is removed in the background.
     *
     * @return the number of events removed
     */
    long deleteBefore(Instant cutoff);

    /**
     * Runs an action before every commit, while records may still be put and forwarded: where a buffer in front of the
     * store has to be drained, because the offsets of what it holds are about to be committed. Runs as often as there are
     * buffers in the task, so that what one of them forwards into another gets through, in whatever order they are asked. Also runs before a task
     * is revoked or closed. An exception fails the commit.
     *
     * @return undoes the registration; call it when the processor is closed
     */
    Runnable beforeCommit(Runnable action);
}
