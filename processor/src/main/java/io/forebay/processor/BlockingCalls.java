package io.forebay.processor;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Makes blocking calls on threads of its own, which go when they have had nothing to do for a while.
 *
 * <p>A call has a thread as soon as it is made, and never waits behind another one: whoever makes calls bounds their number. A
 * thread whose call was given up, and goes on although it was interrupted, is replaced by another one; but only so many.
 */
final class BlockingCalls<T> implements BatchCall.Starter<T>, AutoCloseable {

    private static final long IDLE_SECONDS = 10;

    private final String name;
    private final int maxCalls;
    private final Body<T> body;
    private final ThreadPoolExecutor threads;
    private final AtomicInteger running = new AtomicInteger();

    /** What is done with a batch. */
    @FunctionalInterface
    interface Body<T> {
        void run(T batch) throws Exception;
    }

    /** @param maxCalls how many calls somebody waits for at a time; as many more may be stuck */
    BlockingCalls(String name, int maxCalls, Body<T> body) {
        this.name = name;
        this.maxCalls = maxCalls;
        this.body = body;
        AtomicInteger numbers = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "forebay-writer-" + name + "-" + numbers.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** @throws BatchWriteException if too many calls are stuck */
    @Override
    public BatchCall start(T batch) {
        int before = running.get();
        if (before >= 2 * maxCalls) {
            throw new BatchWriteException("batch writer " + name
                    + " has given up too many calls that go on although they"
                    + " were interrupted: calls=" + before + ", maxInFlight=" + maxCalls
                    + ". A blocking target has to return when its thread is interrupted; threads forebay-writer-" + name
                    + "-* show where they are");
        }
        Call call = new Call(batch);
        running.incrementAndGet();
        threads.execute(call);
        return call;
    }

    /** Interrupts what is running. Does not wait for it. */
    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** One call; an interrupt hits this call and nothing else. */
    private final class Call implements BatchCall, Runnable {

        private final T batch;
        private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
        private @Nullable Thread runner;
        private boolean cancelled;

        Call(T batch) {
            this.batch = batch;
        }

        @Override
        public CompletionStage<?> ended() {
            return ended;
        }

        @Override
        public synchronized void cancel() {
            cancelled = true;
            if (runner != null) {
                runner.interrupt();
            }
        }

        private synchronized void begin() throws InterruptedException {
            if (cancelled) {
                throw new InterruptedException("cancelled before it had a thread");
            }
            runner = Thread.currentThread();
        }

        private synchronized void end() {
            runner = null;
            if (cancelled) {
                Thread.interrupted(); // ours: the thread goes on to other calls
            }
            running.decrementAndGet();
        }

        @Override
        @SuppressWarnings("ThreadPriorityCheck")
        public void run() {
            Throwable failure = null;
            try {
                begin();
                body.run(batch);
            } catch (Throwable e) { // also an error has to reach the StreamThread
                failure = e;
            }
            end();
            if (failure == null) {
                ended.complete(null);
            } else {
                ended.completeExceptionally(failure);
            }
        }
    }
}
