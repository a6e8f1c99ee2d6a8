package io.forebay.processor;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Makes blocking calls on a bounded number of threads of its own, which go when they have had nothing to do for a while. */
final class BlockingCalls<T> implements BatchCall.Starter<T>, AutoCloseable {

    private static final long IDLE_SECONDS = 10;

    private final Body<T> body;
    private final ThreadPoolExecutor threads;

    /** What is done with a batch. */
    @FunctionalInterface
    interface Body<T> {
        void run(T batch) throws Exception;
    }

    BlockingCalls(String name, int threadCount, Body<T> body) {
        this.body = body;
        AtomicInteger numbers = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                threadCount, threadCount, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "forebay-writer-" + name + "-" + numbers.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public BatchCall start(T batch) {
        Call call = new Call(batch);
        threads.execute(call);
        return call;
    }

    /** Interrupts what is running, and does not start what is waiting. Does not wait for it. */
    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** One call; an interrupt hits this call and nothing else. */
    private final class Call implements BatchCall, Runnable {

        private final T batch;
        private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
        private @Nullable Thread running;
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
            if (running != null) {
                running.interrupt();
            }
        }

        private synchronized void begin() throws InterruptedException {
            if (cancelled) {
                throw new InterruptedException("cancelled before it had a thread");
            }
            running = Thread.currentThread();
        }

        private synchronized void end() {
            running = null;
            if (cancelled) {
                Thread.interrupted(); // ours: the thread goes on to other calls
            }
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
