package io.forebay.buffer;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes items from application threads without contention and delivers them in the background: one bounded ring and one drain
 * thread per stripe. A thread always writes to the same stripe, so the items of one producer arrive in order.
 *
 * <pre>{@code
 * StripedBuffer<Event> buffer = StripedBuffer.<Event>builder(batch -> sink.write(batch)).stripes(4).capacity(8192).build();
 * buffer.start();
 * buffer.enqueue(event);
 * CloseReport report = buffer.close(Duration.ofSeconds(10));
 * }</pre>
 *
 * <p><b>States.</b> new → started → closed, once each. Outside of started, {@code enqueue} throws.
 *
 * <p><b>Failures.</b> A batch that the sink refuses is tried again with back-off, in order, for as long as the buffer is open, or until the dead-letter
 * handler takes it; meanwhile the ring fills up and the overflow strategy decides. Drain threads survive whatever the sink throws.
 *
 * <p><b>Threads.</b> All methods may be called by any thread. {@code enqueue} is O(1), allocates nothing and is lock-free, except that it waits
 * for room under {@link OverflowStrategy#BLOCK}.
 *
 * @param <E> the type of the items
 */
public final class StripedBuffer<E> implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StripedBuffer.class);
    private static final Duration DEFAULT_CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private enum State {
        NEW,
        STARTED,
        CLOSED
    }

    private final String name;
    private final BatchSink<E> sink;
    private final RetryPolicy retry;
    private final int maxAttempts;
    private final @Nullable DeadLetterHandler<E> deadLetters;
    private final BufferListener listener;
    private final List<RingBuffer<E>> rings;
    private final Stripe<E>[] stripes;
    private volatile State state = State.NEW;
    private @Nullable CloseReport closeReport;

    @SuppressWarnings({"unchecked", "rawtypes"})
    private StripedBuffer(Builder<E> builder) {
        name = builder.name != null ? builder.name : "striped-" + Builder.NAMES.incrementAndGet();
        sink = builder.sink;
        retry = builder.retry;
        maxAttempts = builder.maxAttempts;
        deadLetters = builder.deadLetters;
        listener = builder.listener;
        rings = IntStream.range(0, builder.stripes)
                .mapToObj(i -> builder.ring(name + '-' + i))
                .toList();
        stripes = new Stripe[builder.stripes];
        for (int i = 0; i < stripes.length; i++) {
            stripes[i] =
                    new Stripe<>(i, this, rings.get(i), builder.batchSize, builder.overflow == OverflowStrategy.BLOCK);
        }
    }

    /** Starts the configuration of a buffer that delivers to the given sink. */
    public static <E> Builder<E> builder(BatchSink<E> sink) {
        return new Builder<>(sink);
    }

    /**
     * Starts the drain threads.
     *
     * @throws IllegalStateException if it was started before, or is closed
     */
    public synchronized void start() {
        if (state != State.NEW) {
            throw new IllegalStateException("striped buffer " + name + " can be started once only: state=" + state);
        }
        for (Stripe<E> stripe : stripes) {
            stripe.start();
        }
        state = State.STARTED;
    }

    /**
     * Adds an item to the stripe of the calling thread.
     *
     * @return whether it was accepted; if not, it is counted as rejected
     * @throws IllegalStateException before start and after close
     */
    public boolean enqueue(E item) {
        if (state != State.STARTED) {
            throw notStarted();
        }
        int stripe = stripeOfThread();
        boolean accepted = stripes[stripe].enqueue(item);
        if (!accepted) {
            tell(told -> told.dropped(name, stripe, 1));
        }
        return accepted;
    }

    /** A division of 32 bits takes half as long as one of 64. */
    private int stripeOfThread() {
        return Math.floorMod((int) Thread.currentThread().getId(), stripes.length);
    }

    private IllegalStateException notStarted() {
        String what = state == State.NEW ? " is not started" : " is closed";
        return new IllegalStateException("striped buffer " + name + what);
    }

    /** A snapshot of the counters. */
    public StripedBufferStats stats() {
        return totals().toStats();
    }

    /**
     * Stops accepting, delivers what is left, and waits for it. When the time is up, sinks at work are interrupted and what was not delivered is
     * reported. Closing again returns the same report. If the thread is interrupted, the time is up at once.
     *
     * @param timeout how long to wait at most
     */
    public synchronized CloseReport close(Duration timeout) {
        if (closeReport != null) {
            return closeReport;
        }
        long deadlineNanos = System.nanoTime() + Waiter.saturatedNanos(timeout);
        State before = state;
        rings.forEach(RingBuffer::end);
        state = State.CLOSED;
        if (before == State.STARTED) {
            awaitDrained(deadlineNanos);
        }
        CloseReport report = totals().toReport();
        closeReport = report;
        for (Stripe<E> stripe : stripes) {
            stripe.stop();
        }
        tell(told -> told.closed(name, report));
        return report;
    }

    private void awaitDrained(long deadlineNanos) {
        try {
            for (Stripe<E> stripe : stripes) {
                stripe.wake();
            }
            for (Stripe<E> stripe : stripes) {
                if (!stripe.join(deadlineNanos)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Closes with a time-out of 30 s.
     *
     * @throws BatchProcessingException if something could not be delivered
     */
    @Override
    public void close() {
        CloseReport report = close(DEFAULT_CLOSE_TIMEOUT);
        if (!report.complete()) {
            throw BatchProcessingException.undelivered(name, report, DEFAULT_CLOSE_TIMEOUT);
        }
    }

    private Totals totals() {
        Totals totals = new Totals();
        for (Stripe<E> stripe : stripes) {
            stripe.addTo(totals);
        }
        return totals;
    }

    public String name() {
        return name;
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    BatchSink<E> sink() {
        return sink;
    }

    RetryPolicy retry() {
        return retry;
    }

    int maxAttempts() {
        return maxAttempts;
    }

    @Nullable
    DeadLetterHandler<E> deadLetters() {
        return deadLetters;
    }

    void tell(Consumer<BufferListener> event) {
        if (listener == BufferListener.NONE) {
            return;
        }
        try {
            event.accept(listener);
        } catch (RuntimeException e) {
            log.warn("listener of striped buffer {} failed", name, e);
        }
    }

    void logFailure(int stripe, Throwable cause) {
        log.error("stripe {} of striped buffer {} failed and goes on", stripe, name, cause);
    }

    /** Adds up stripes. */
    static final class Totals {
        long accepted;
        long delivered;
        long deadLettered;
        long overwritten;
        long rejected;
        long inDoubt;
        long failedAttempts;

        @Nullable
        Throwable failure;

        private long pending() {
            return Math.max(0, accepted - delivered - deadLettered - overwritten);
        }

        StripedBufferStats toStats() {
            return new StripedBufferStats(
                    accepted, delivered, deadLettered, overwritten, rejected, pending(), failedAttempts);
        }

        CloseReport toReport() {
            return new CloseReport(delivered, pending(), inDoubt, failure);
        }
    }

    /** Configures a {@link StripedBuffer}. Not thread-safe. */
    public static final class Builder<E> {
        private static final AtomicLong NAMES = new AtomicLong();

        private final BatchSink<E> sink;
        private @Nullable String name;
        private int stripes = Runtime.getRuntime().availableProcessors();
        private int capacity = 8192;
        private int batchSize = 512;
        private OverflowStrategy overflow = OverflowStrategy.BLOCK;
        private Duration blockTimeout = Duration.ofSeconds(30);
        private RetryPolicy retry = RetryPolicy.DEFAULT;
        private int maxAttempts = 10;
        private @Nullable DeadLetterHandler<E> deadLetters;
        private BufferListener listener = BufferListener.NONE;

        private Builder(BatchSink<E> sink) {
            this.sink = Objects.requireNonNull(sink, "sink");
        }

        /** A name for messages, metrics and threads; a unique one is generated unless told. */
        public Builder<E> name(String bufferName) {
            if (bufferName.isBlank()) {
                throw new IllegalArgumentException("name must not be blank: name=\"" + bufferName + '"');
            }
            name = bufferName;
            return this;
        }

        /** Number of stripes; as many as there are processors unless told. */
        public Builder<E> stripes(int count) {
            requirePositive("stripes", count);
            stripes = count;
            return this;
        }

        /** Items per stripe: a power of two; 8192 unless told. */
        public Builder<E> capacity(int itemsPerStripe) {
            RingBuffer.<E>builder().capacity(itemsPerStripe);
            capacity = itemsPerStripe;
            return this;
        }

        /** How many items the sink gets at once at most; 512 unless told. */
        public Builder<E> batchSize(int items) {
            requirePositive("batchSize", items);
            batchSize = items;
            return this;
        }

        /** What to do when a stripe is full; {@code BLOCK} unless told. */
        public Builder<E> overflow(OverflowStrategy strategy) {
            overflow = Objects.requireNonNull(strategy, "overflow");
            return this;
        }

        /** How long {@code enqueue} waits for room under {@code BLOCK}; 30 s unless told. */
        public Builder<E> blockTimeout(Duration timeout) {
            RingBuffer.<E>builder().blockTimeout(timeout);
            blockTimeout = timeout;
            return this;
        }

        /** The waits between attempts; {@link RetryPolicy#DEFAULT} unless told. */
        public Builder<E> retry(RetryPolicy policy) {
            retry = Objects.requireNonNull(policy, "retry");
            return this;
        }

        /**
         * Who takes batches that the sink has refused {@code attempts} times; unless told, they are tried for as long as the
         * buffer is open.
         */
        public Builder<E> deadLetters(int attempts, DeadLetterHandler<E> handler) {
            requirePositive("attempts", attempts);
            maxAttempts = attempts;
            deadLetters = Objects.requireNonNull(handler, "deadLetters");
            return this;
        }

        /** Who is told what happens; nobody unless told. */
        public Builder<E> listener(BufferListener told) {
            listener = Objects.requireNonNull(told, "listener");
            return this;
        }

        public StripedBuffer<E> build() {
            return new StripedBuffer<>(this);
        }

        private RingBuffer<E> ring(String ringName) {
            return RingBuffer.<E>builder()
                    .name(ringName)
                    .capacity(capacity)
                    .overflow(overflow)
                    .blockTimeout(blockTimeout)
                    .build();
        }

        private static void requirePositive(String option, int value) {
            if (value < 1) {
                throw new IllegalArgumentException(option + " must be at least 1: " + option + "=" + value);
            }
        }
    }
}
