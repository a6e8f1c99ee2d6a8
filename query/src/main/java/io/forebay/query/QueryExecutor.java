package io.forebay.query;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs queries, a bounded number at a time and each for a bounded time.
 *
 * <p>A store cannot be interrupted in the middle of an answer, so a query that times out goes on in its thread and keeps
 * its place until it is done; only the asker stops waiting. That is what keeps slow queries from piling up.
 *
 * <p>Thread-safe.
 */
final class QueryExecutor implements AutoCloseable {

    private static final long CLOSE_SECONDS = 1;

    private final ExecutorService threads;
    private final Semaphore places;
    private final int maxConcurrent;
    private final Duration timeout;

    QueryExecutor(String name, int maxConcurrent, Duration timeout) {
        AtomicInteger number = new AtomicInteger();
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        this.places = new Semaphore(maxConcurrent);
        this.maxConcurrent = maxConcurrent;
        this.timeout = timeout;
    }

    /**
     * Runs a query on another thread and waits for its answer.
     *
     * @throws QueryFailedException if there are too many queries already, or this one takes too long
     */
    <T> T run(Callable<T> query) {
        if (!places.tryAcquire()) {
            throw QueryFailedException.overloaded(
                    "as many queries as are allowed (" + maxConcurrent + ") are running already");
        }
        try {
            return await(threads.submit(() -> {
                // Here and not after the answer is out, so that whoever has it finds the place free.
                try {
                    return query.call();
                } finally {
                    places.release();
                }
            }));
        } catch (RejectedExecutionException e) {
            places.release();
            throw QueryFailedException.unavailable("the server is shutting down", e);
        }
    }

    private <T> T await(Future<T> answer) {
        try {
            return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw QueryFailedException.timeout("the stores did not answer within " + timeout.toMillis()
                    + " ms; narrow the time range, add a filter or lower the limit");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw QueryFailedException.unavailable("the server is shutting down", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Takes no more queries and gives those that run a moment to end. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
