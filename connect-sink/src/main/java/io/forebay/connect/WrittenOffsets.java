package io.forebay.connect;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Which offsets a sink task may commit: in each partition, those below the first record that is not written yet.
 *
 * <p>A task that buffers across {@code put} calls must not let Connect commit what it was merely given; its
 * {@code preCommit} returns {@link #committable()} instead. Records are accepted in the order of their offsets and may be
 * written in any order, by whatever batches and retries.
 *
 * <p>Thread-safe: batches report from their own threads. {@link #accepted} and {@link #written} are O(1), amortised.
 */
public final class WrittenOffsets {

    private final Map<TopicPartition, Progress> partitions = new HashMap<>();

    /**
     * Notes a record that was given to the task.
     *
     * @throws IllegalArgumentException if a record of the same or a later offset was accepted before, without a
     *     {@link #forget} in between
     */
    public synchronized void accepted(TopicPartition partition, long offset) {
        partitions.computeIfAbsent(partition, any -> new Progress()).accept(partition, offset);
    }

    /** Notes that a record is written: acknowledged by the target, or deliberately not written at all. */
    public synchronized void written(TopicPartition partition, long offset) {
        Progress progress = partitions.get(partition);
        if (progress != null) { // else the partition was taken away while the record was on its way
            progress.write(offset);
        }
    }

    /** The offset to commit for each partition that has one: that of the next record to read after a restart. */
    public synchronized Map<TopicPartition, OffsetAndMetadata> committable() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        partitions.forEach((partition, progress) -> {
            if (progress.next >= 0) {
                offsets.put(partition, new OffsetAndMetadata(progress.next));
            }
        });
        return offsets;
    }

    /** Forgets partitions that were taken away, or rewound. */
    public synchronized void forget(Collection<TopicPartition> revoked) {
        partitions.keySet().removeAll(revoked);
    }

    /** One partition. */
    private static final class Progress {

        private final Deque<Long> pending = new ArrayDeque<>();
        private final Set<Long> writtenAhead = new HashSet<>();
        private long last = -1;
        private long next = -1;

        void accept(TopicPartition partition, long offset) {
            if (offset <= last) {
                throw new IllegalArgumentException(
                        "offset " + offset + " of " + partition + " comes after offset " + last);
            }
            last = offset;
            pending.addLast(offset);
        }

        void write(long offset) {
            if (offset <= last && offset >= next) {
                writtenAhead.add(offset);
            }
            while (!pending.isEmpty() && writtenAhead.remove(pending.peekFirst())) {
                next = pending.removeFirst() + 1;
            }
        }
    }
}
