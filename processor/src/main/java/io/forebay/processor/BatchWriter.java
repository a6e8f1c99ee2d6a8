package io.forebay.processor;

import io.forebay.buffer.RetryPolicy;
import io.forebay.store.internal.streams.CommitHook;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A step that writes records to something that is not Kafka, in batches: a database, an HTTP service.
 *
 * <pre>{@code
 * builder.stream("orders", Consumed.with(Serdes.String(), orderSerde))
 *         .process(BatchWriter.<String, Order>blocking("orders-db", batch -> dao.upsert(batch)).build())
 *         .to("orders-in-db");
 * }</pre>
 *
 * <p><b>Nothing is lost.</b> The offset of a record is committed only after the target has acknowledged it (or the exception
 * handler has taken it). A commit waits for what is in flight; if that takes too long, it fails, and with it the task, whose
 * records are processed again. The target thus sees every record at least once, whatever the processing guarantee; what is forwarded downstream
 * is as exact as that. {@code docs/guarantees.md} has the details.
 *
 * <p><b>Order.</b> Several batches are in flight at a time, but two records of one key never are, unless they are in one batch: the target sees
 * the records of a key in order. Keys are compared by {@code hashCode} (arrays of bytes by their contents). Records
 * without a key have no order.
 *
 * <p><b>Back-pressure.</b> What is not acknowledged is in memory, up to a bound in records and bytes, and no more than the target
 * can write in half of the time that a commit waits, as fast as it has been of late. At the bound {@code process} waits, and Kafka Streams pauses consumption. So that a target that hangs does not get the instance kicked out of its group,
 * a round of the StreamThread is held up for an eighth of {@code max.poll.interval.ms} at most (under exactly-once of the transaction's time-out,
 * if that is shorter); what is processed in that round after that, is taken beyond the bound, and counted.
 *
 * <p><b>Threads.</b> Immutable. The StreamThread of a task does everything but the calls. While it has nothing to process, it
 * wakes up every {@code poll.ms} (100 ms by default): so long it may take until a failed call is made again, or a call that
 * takes too long is noticed. The counters of {@link #stats()} cover all tasks and may be read from any thread.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public final class BatchWriter<K, V> implements ProcessorSupplier<K, V, K, V> {

    private final Options<K, V> options;
    private final WriterCounters counters = new WriterCounters();
    private final Set<TaskId> wary = ConcurrentHashMap.newKeySet();

    private BatchWriter(Options<K, V> options) {
        this.options = options;
    }

    /**
     * Starts a writer to a target with asynchronous calls.
     *
     * @param name tells it from other writers of the topology; letters, digits, '.', '_' and '-'
     */
    public static <K, V> Builder<K, V> async(String name, BatchTarget<K, V> target) {
        Objects.requireNonNull(target, "target");
        return new Builder<>(
                name, (task, threads) -> new Calls<>(batch -> new AsyncCall(target.write(batch)), () -> {}));
    }

    /**
     * Starts a writer to a target with calls that block. They are made by threads of the writer's own: for each task as many
     * as there may be batches in flight, and at most as many again in place of those that are stuck in a call that does not heed
     * its interruption. After that the task fails.
     *
     * @param name tells it from other writers of the topology; letters, digits, '.', '_' and '-'
     */
    public static <K, V> Builder<K, V> blocking(String name, BlockingBatchTarget<K, V> target) {
        Objects.requireNonNull(target, "target");
        return new Builder<>(name, (task, threads) -> {
            BlockingCalls<List<Record<K, V>>> calls = new BlockingCalls<>(task, threads, target::write);
            return new Calls<>(calls, calls::close);
        });
    }

    @Override
    public Processor<K, V, K, V> get() {
        return new BatchWriterProcessor<>(options, counters, wary);
    }

    @Override
    public Set<StoreBuilder<?>> stores() {
        return Set.of(CommitHook.builder(options.hookName()));
    }

    /** What happened so far, in all tasks. */
    public BatchWriterStats stats() {
        return counters.snapshot();
    }

    /** The target of one task. */
    record Calls<K, V>(BatchCall.Starter<List<Record<K, V>>> starter, Runnable close) {}

    /** Makes the target of a task. */
    @FunctionalInterface
    interface Target<K, V> {
        Calls<K, V> open(String task, int threads);
    }

    private record AsyncCall(CompletionStage<?> ended) implements BatchCall {

        AsyncCall {
            Objects.requireNonNull(ended, "the target returned null instead of a CompletionStage");
        }

        @Override
        public void cancel() {
            CompletableFuture<?> future;
            try {
                future = ended.toCompletableFuture();
            } catch (UnsupportedOperationException e) {
                return; // cannot be cancelled; it is given up when its batch is out of time
            }
            future.cancel(true);
        }
    }

    /** How records are written. */
    record Options<K, V>(
            String name,
            Target<K, V> target,
            int maxBatchRecords,
            long maxBatchBytes,
            Duration linger,
            int maxInFlight,
            int maxBufferedRecords,
            long maxBufferedBytes,
            ToLongFunction<? super Record<K, V>> weigher,
            WriterTimeouts.Wanted timeouts,
            RetryPolicy retry,
            Predicate<? super Throwable> permanent,
            FailurePolicy failurePolicy,
            boolean forward,
            LongSupplier nanoClock) {

        Options {
            if (maxBatchRecords > maxBufferedRecords) {
                throw new IllegalArgumentException("maxBatchRecords=" + maxBatchRecords
                        + " would never be reached: it is larger than maxBufferedRecords=" + maxBufferedRecords);
            }
            if (maxBatchBytes > maxBufferedBytes && maxBatchBytes != Long.MAX_VALUE) {
                throw new IllegalArgumentException("maxBatchBytes=" + maxBatchBytes
                        + " would never be reached: it is larger than maxBufferedBytes=" + maxBufferedBytes);
            }
        }

        String hookName() {
            return "forebay-" + name + "-commits";
        }
    }

    /**
     * Collects the options. Not thread-safe.
     *
     * @param <K> the type of the keys
     * @param <V> the type of the values
     */
    public static final class Builder<K, V> {

        private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._-]{1,200}");
        private static final int MAX_IN_FLIGHT = 1_024;
        private static final Duration LONGEST = Duration.ofDays(36_500);

        private final String name;
        private final Target<K, V> target;
        private int maxBatchRecords = 500;
        private long maxBatchBytes = Long.MAX_VALUE;
        private Duration linger = Duration.ofMillis(50);
        private int maxInFlight = 8;
        private int maxBufferedRecords = 10_000;
        private long maxBufferedBytes = Long.MAX_VALUE;
        private @Nullable ToLongFunction<? super Record<K, V>> weigher;
        private @Nullable Duration commitTimeout;
        private @Nullable Duration deliveryTimeout;
        private @Nullable Duration callTimeout;
        private RetryPolicy retry = RetryPolicy.DEFAULT;
        private Predicate<? super Throwable> permanent = failure -> false;
        private FailurePolicy failurePolicy = FailurePolicy.FAIL_TASK;
        private boolean forward = true;
        private LongSupplier nanoClock = System::nanoTime;

        private Builder(String name, Target<K, V> target) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("name=\"" + name
                        + "\" must have 1 to 200 letters, digits, '.', '_' or '-': a state store is named after it");
            }
            this.name = name;
            this.target = target;
        }

        /**
         * How many records a batch has at most (default 500).
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder<K, V> maxBatchRecords(int records) {
            this.maxBatchRecords = (int) positive("maxBatchRecords", records);
            return this;
        }

        /**
         * A batch that has reached so many bytes is full; a single larger record is a batch of its own (default: no bound). Needs
         * a {@link #weigher}.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder<K, V> maxBatchBytes(long bytes) {
            this.maxBatchBytes = positive("maxBatchBytes", bytes);
            return this;
        }

        /**
         * How long a record waits for others until a batch that is not full is written (default 50 ms; a commit does not
         * wait for that).
         *
         * @throws IllegalArgumentException if it is shorter than a millisecond, or longer than 100 years
         */
        public Builder<K, V> linger(Duration duration) {
            if (duration.compareTo(Duration.ofMillis(1)) < 0) {
                throw new IllegalArgumentException("linger=" + duration + " must be at least 1 ms");
            }
            this.linger = positive("linger", duration);
            return this;
        }

        /**
         * How many batches of a task are in flight at most, 1 to 1,024 (default 8). With 1 all records of a task are in
         * order.
         *
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder<K, V> maxInFlight(int batches) {
            if (batches < 1 || batches > MAX_IN_FLIGHT) {
                throw new IllegalArgumentException(
                        "maxInFlight=" + batches + " must be between 1 and " + MAX_IN_FLIGHT);
            }
            this.maxInFlight = batches;
            return this;
        }

        /**
         * How many records of a task are in memory at most, those in flight included (default 10,000).
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder<K, V> maxBufferedRecords(int records) {
            this.maxBufferedRecords = (int) positive("maxBufferedRecords", records);
            return this;
        }

        /**
         * The same in bytes (default: no bound); a single larger record is let in alone. Needs a {@link #weigher}.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder<K, V> maxBufferedBytes(long bytes) {
            this.maxBufferedBytes = positive("maxBufferedBytes", bytes);
            return this;
        }

        /** What a record weighs in bytes, 0 to 2<sup>40</sup>; anything else is that record's failure. */
        public Builder<K, V> weigher(ToLongFunction<? super Record<K, V>> bytesOfRecord) {
            this.weigher = Objects.requireNonNull(bytesOfRecord, "bytesOfRecord");
            return this;
        }

        /**
         * How long a commit waits for what is in flight before it fails the task. Unless told, a quarter of the
         * <em>window</em>: {@code max.poll.interval.ms}, and under exactly-once {@code transaction.timeout.ms} less {@code
         * commit.interval.ms}, if that is shorter. A third at most, or the task does not start.
         *
         * <p>Under exactly-once Kafka Streams' transactions have 10 s, so this is 2.5 s unless told: set {@code
         * producer.transaction.timeout.ms} for a target that may take longer.
         */
        public Builder<K, V> commitTimeout(Duration timeout) {
            this.commitTimeout = positive("commitTimeout", timeout);
            return this;
        }

        /**
         * For how long a batch is tried again before the {@link #failurePolicy} applies, counted from when it was the first of its
         * lane; if it is tried in parts, these share it. Unless told, one minute, or four fifths of the commit's time-out if that is
         * shorter. Not longer than that.
         *
         * <p>With {@link FailurePolicy#EXCEPTION_HANDLER} a commit that waits shortens it, so that what is behind the batch is tried as
         * well before the commit's time is up; but not before a call of the batch has failed or taken too long.
         */
        public Builder<K, V> deliveryTimeout(Duration timeout) {
            this.deliveryTimeout = positive("deliveryTimeout", timeout);
            return this;
        }

        /**
         * How long a call may take before it is cancelled and counts as failed. Unless told, ten seconds, or a third of the
         * delivery's time-out if that is shorter. Not longer than that.
         */
        public Builder<K, V> callTimeout(Duration timeout) {
            this.callTimeout = positive("callTimeout", timeout);
            return this;
        }

        /** How long to wait before a batch is tried again (default {@link RetryPolicy#DEFAULT}). */
        public Builder<K, V> retry(RetryPolicy policy) {
            this.retry = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /** Which failures are not worth another attempt (default: none). Called by the StreamThread. */
        public Builder<K, V> permanentIf(Predicate<? super Throwable> isPermanent) {
            this.permanent = Objects.requireNonNull(isPermanent, "isPermanent");
            return this;
        }

        /** What becomes of a batch that cannot be written (default {@link FailurePolicy#FAIL_TASK}). */
        public Builder<K, V> failurePolicy(FailurePolicy policy) {
            this.failurePolicy = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Whether each record is forwarded downstream once the target has acknowledged it (the default), with its own
         * key, value, timestamp and headers.
         */
        public Builder<K, V> forward(boolean forwardRecords) {
            this.forward = forwardRecords;
            return this;
        }

        Builder<K, V> nanoClock(LongSupplier clock) {
            this.nanoClock = clock;
            return this;
        }

        /**
         * The writer. Whether its time-outs fit into the application's is known only when a task starts, which fails if
         * they do not.
         *
         * @throws IllegalArgumentException if options contradict each other
         */
        public BatchWriter<K, V> build() {
            if (weigher == null) {
                requireNoBytes("maxBatchBytes", maxBatchBytes);
                requireNoBytes("maxBufferedBytes", maxBufferedBytes);
            }
            return new BatchWriter<>(new Options<>(
                    name,
                    target,
                    maxBatchRecords,
                    maxBatchBytes,
                    linger,
                    maxInFlight,
                    maxBufferedRecords,
                    maxBufferedBytes,
                    weigher == null ? record -> 0 : weigher,
                    new WriterTimeouts.Wanted(commitTimeout, deliveryTimeout, callTimeout),
                    retry,
                    permanent,
                    failurePolicy,
                    forward,
                    nanoClock));
        }

        private static void requireNoBytes(String option, long bytes) {
            if (bytes != Long.MAX_VALUE) {
                throw new IllegalArgumentException(option + "=" + bytes + " needs a weigher");
            }
        }

        private static long positive(String option, long value) {
            if (value < 1) {
                throw new IllegalArgumentException(option + "=" + value + " must be at least 1");
            }
            return value;
        }

        private static Duration positive(String option, Duration value) {
            if (value.isNegative() || value.isZero()) {
                throw new IllegalArgumentException(option + "=" + value + " must be positive");
            }
            if (value.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(option + "=" + value + " must not be longer than " + LONGEST);
            }
            return value;
        }
    }
}
