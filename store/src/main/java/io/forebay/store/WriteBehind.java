package io.forebay.store;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to RocksDB beside the StreamThread: one write of a store at a time, in the order of submission. The StreamThread
 * waits only when a second one is due before the first is done, and that is the back-pressure.
 *
 * <p>A write may be followed by what can wait, which is done in short slices until it is done or somebody waits. The threads are few and
 * shared by all stores of the process, and a write goes before any slice of any store ({@link WriterThreads}): what can wait holds up
 * a StreamThread for one slice at most.
 *
 * <p>What fails is logged, and fails the next call here and with it the task; nothing after it is written.
 *
 * <p>Belongs to the StreamThread.
 */
final class WriteBehind {

    private static final Logger log = LoggerFactory.getLogger(WriteBehind.class);

    private static final BooleanSupplier NOTHING = () -> false;

    private CompletableFuture<Void> inFlight = CompletableFuture.completedFuture(null);
    private Tidying tidying = new Tidying(NOTHING);

    /** Waits for the write before, and starts this one. */
    void submit(Runnable write) {
        submit(write, NOTHING);
    }

    /**
     * The same.
     *
     * @param slice does a little of what can wait when the write is done; says whether there is more
     */
    void submit(Runnable write, BooleanSupplier slice) {
        await();
        Tidying next = new Tidying(slice);
        tidying = next;
        inFlight = CompletableFuture.runAsync(write, WriterThreads::write).whenComplete((done, failure) -> {
            if (failure != null) {
                log(failure);
            } else if (slice != NOTHING) {
                WriterThreads.tidy(next);
            }
        });
    }

    /** Whether everything submitted is written, or has failed. */
    boolean isIdle() {
        return inFlight.isDone();
    }

    /** Waits until everything submitted is written; what can wait is left for after the next write. */
    void await() {
        try {
            inFlight.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
        RuntimeException failure = tidying.end();
        if (failure != null) {
            throw failure;
        }
    }

    /** Waits until nothing is under way any more, whether it succeeded or not. */
    void awaitQuietly() {
        inFlight.handle((done, failure) -> null).join();
        tidying.end();
    }

    /** Waits until nothing is under way any more, and is as new. */
    void reset() {
        awaitQuietly();
        inFlight = CompletableFuture.completedFuture(null);
        tidying = new Tidying(NOTHING);
    }

    private static void log(Throwable failure) {
        log.error("A store cannot write; its task will fail when it commits", failure);
    }

    /** What can wait, slice by slice. The lock is held during a slice, so that ending it is waiting for the slice that is under way. */
    private static final class Tidying implements Runnable {

        private final BooleanSupplier slice;
        private boolean ended;
        private @Nullable RuntimeException failure;

        Tidying(BooleanSupplier slice) {
            this.slice = slice;
        }

        @Override
        public synchronized void run() {
            if (ended) {
                return;
            }
            try {
                if (slice.getAsBoolean()) {
                    WriterThreads.tidy(this);
                }
            } catch (RuntimeException e) {
                failure = e;
                log(e);
            }
        }

        /** Nothing is done any more when this returns; what has failed, or null. */
        synchronized @Nullable RuntimeException end() {
            ended = true;
            return failure;
        }
    }
}
