package io.forebay.buffer;

import java.time.Duration;

/**
 * Time and threads for buffers that drive themselves. Tests inject one with a clock of their own.
 *
 * <p>Implementations are thread-safe.
 */
public interface BufferScheduler {
    /** The scheduler of all buffers of the program that are not given another: one timer thread, and worker threads as processors need them. */
    static BufferScheduler shared() {
        return SharedScheduler.INSTANCE;
    }

    /** A clock that only differences make sense of, as {@link System#nanoTime()}. */
    long nanoTime();

    /** Runs a short task after a delay, on the timer thread. */
    Cancellation schedule(Runnable task, Duration delay);

    /** Runs a task that may take long, such as a processor, on a thread of its own. */
    void execute(Runnable task);

    /** Takes a scheduled task back. */
    @FunctionalInterface
    interface Cancellation {
        /** Prevents the task from starting; does nothing if it has. */
        void cancel();
    }
}
