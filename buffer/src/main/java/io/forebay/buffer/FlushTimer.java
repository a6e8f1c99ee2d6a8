package io.forebay.buffer;

import org.jspecify.annotations.Nullable;

/** Requests a flush of all partitions every {@code flushInterval}, until the buffer is closed. Thread-safe. */
final class FlushTimer {
    private final DoubleBuffer<?> buffer;
    private final Runnable flush;
    private BufferScheduler.@Nullable Cancellation next;

    FlushTimer(DoubleBuffer<?> buffer, Runnable flush) {
        this.buffer = buffer;
        this.flush = flush;
    }

    /** Counts the interval from now. */
    synchronized void restart() {
        cancel();
        next = buffer.scheduler().schedule(this::tick, buffer.options().flushInterval());
    }

    synchronized void cancel() {
        if (next != null) {
            next.cancel();
        }
    }

    private void tick() {
        if (!buffer.isClosed()) {
            restart();
            flush.run();
        }
    }
}
