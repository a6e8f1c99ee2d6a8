package io.forebay.buffer;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One daemon timer thread, and daemon workers that come as processors need them and go after ten idle seconds. Never shut
 * down: it costs nothing while it is not used, and buffers have their own {@code close}.
 */
final class SharedScheduler implements BufferScheduler {
    static final SharedScheduler INSTANCE = new SharedScheduler();

    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(1, daemons("forebay-buffer-timer"));
    private final ExecutorService workers = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), daemons("forebay-buffer-worker"));

    private SharedScheduler() {
        timer.setRemoveOnCancelPolicy(true);
        timer.setKeepAliveTime(10, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Cancellation schedule(Runnable task, Duration delay) {
        Future<?> future = timer.schedule(task, Waiter.saturatedNanos(delay), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    @Override
    public void execute(Runnable task) {
        workers.execute(task);
    }

    private static ThreadFactory daemons(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + '-' + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
