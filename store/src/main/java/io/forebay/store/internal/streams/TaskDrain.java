package io.forebay.store.internal.streams;

import org.apache.kafka.streams.processor.internals.ProcessorContextImpl;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.apache.kafka.streams.state.internals.ThreadCache;
import org.jspecify.annotations.Nullable;

/**
 * Empties all buffers of a task, Kafka Streams' own caches included, until nothing is left in any of them.
 *
 * <p>It has Kafka Streams go through the stores of the task once more, several times: rounds in which our stores run their actions and do
 * not seal. In each round every buffer is emptied once, into buffers that are further down. What a round leaves behind is in buffers that had had their turn
 * before the one that filled them had its own; the next round moves it on by one such buffer at least. As the topology has no
 * cycles, there are at most as many rounds as there are buffers. The first round counts them.
 *
 * <p>A task processes nothing between preparing a commit and having committed, so once is enough for all of its stores.
 */
final class TaskDrain {

    /** The one that runs on this thread. A StreamThread prepares the commits of its tasks one after the other. */
    private static final ThreadLocal<@Nullable TaskDrain> RUNNING = new ThreadLocal<>();

    private final ProcessorContextImpl task;
    private final @Nullable ProcessorRecordContext after;
    private int buffers;
    private boolean done;

    private TaskDrain(ProcessorContextImpl task) {
        this.task = task;
        this.after = task.recordContext();
    }

    static @Nullable TaskDrain running() {
        return RUNNING.get();
    }

    /** Empties the buffers of this task. */
    static TaskDrain run(ProcessorContextImpl task) {
        TaskDrain drain = new TaskDrain(task);
        RUNNING.set(drain);
        try {
            int rounds = drain.countingRound();
            for (int round = 1; round < rounds; round++) {
                task.stateManager().flushCache();
            }
            drain.done = true;
        } finally {
            RUNNING.remove();
        }
        return drain;
    }

    private int countingRound() {
        ThreadCache cache = task.cache();
        long flushes = cache.flushes();
        task.stateManager().flushCache();
        return buffers + Math.toIntExact(cache.flushes() - flushes);
    }

    /** A store with so many buffers had its turn. */
    void visited(int itsBuffers) {
        buffers += itsBuffers;
    }

    /** Whether it came to its end, and the task has not processed anything since. */
    boolean holdsFor(ProcessorContextImpl other) {
        return done && task == other && after == other.recordContext();
    }
}
