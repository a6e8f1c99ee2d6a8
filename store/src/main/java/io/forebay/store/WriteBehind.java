package io.forebay.store;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to RocksDB beside the StreamThread: one write of a store at a time, in the order of submission. The StreamThread
 * waits only when a second one is due before the first is done, and that is the back-pressure.
 *
 * <p>A write that fails is logged, and fails the next call here and with it the task; nothing after it is written.
 *
 * <p>Belongs to the StreamThread. The threads that write are few and shared by all stores of the process.
 */
final class WriteBehind {

    private static final Logger log = LoggerFactory.getLogger(WriteBehind.class);

    private static final int THREADS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    private static final int IDLE_SECONDS = 10;
    private static final Executor WRITERS = writers();

    private volatile boolean awaited;
    private CompletableFuture<Void> inFlight = CompletableFuture.completedFuture(null);

    /** Waits for the write before, and starts this one. */
    void submit(Runnable write) {
        await();
        inFlight = CompletableFuture.runAsync(write, WRITERS).whenComplete((done, failure) -> {
            if (failure != null) {
                log.error("A store cannot write; its task will fail when it commits", failure);
            }
        });
    }

    /** Whether somebody waits for what is under way: what can wait should then end. */
    boolean isAwaited() {
        return awaited;
    }

    /** Waits until everything submitted is written. */
    void await() {
        awaited = true;
        try {
            inFlight.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        } finally {
            awaited = false;
        }
    }

    /** Waits until nothing is under way any more, whether it succeeded or not. */
    void awaitQuietly() {
        awaited = true;
        inFlight.handle((done, failure) -> null).join();
        awaited = false;
    }

    /** Waits until nothing is under way any more, and is as new. */
    void reset() {
        awaitQuietly();
        inFlight = CompletableFuture.completedFuture(null);
    }

    private static Executor writers() {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "forebay-store-writer-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }
}
