package io.forebay.store;

import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The threads that write for all stores of the process: half as many as there are processors, which end when there is nothing to
 * do. Writes go before what can wait; among themselves both go in the order of submission. Thread-safe.
 */
final class WriterThreads {

    private static final int THREADS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    private static final int IDLE_SECONDS = 10;
    private static final AtomicInteger STARTED = new AtomicInteger();
    private static final AtomicLong SUBMITTED = new AtomicLong();
    private static final ThreadPoolExecutor EXECUTOR = executor();

    private WriterThreads() {}

    /** Does what somebody may be waiting for. */
    static void write(Runnable write) {
        EXECUTOR.execute(new Work(false, SUBMITTED.incrementAndGet(), write));
    }

    /** Does what can wait, which should be short: whoever comes meanwhile waits for it. */
    static void tidy(Runnable slice) {
        EXECUTOR.execute(new Work(true, SUBMITTED.incrementAndGet(), slice));
    }

    private static ThreadPoolExecutor executor() {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new PriorityBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "forebay-store-writer-" + STARTED.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    private record Work(boolean canWait, long number, Runnable action) implements Runnable, Comparable<Work> {

        @Override
        public void run() {
            action.run();
        }

        @Override
        public int compareTo(Work other) {
            return canWait == other.canWait
                    ? Long.compare(number, other.number)
                    : Boolean.compare(canWait, other.canWait);
        }
    }
}
