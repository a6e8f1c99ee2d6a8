package io.forebay.processor;

import io.forebay.buffer.OverflowStrategy;
import io.forebay.buffer.StripedBuffer;
import io.forebay.buffer.StripedBufferStats;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes events from application threads to a Kafka topic without holding these threads up: {@link #lazyPut} leaves an
 * event in a buffer of the calling thread's stripe, and threads of the publisher serialise and send it.
 *
 * <p><b>Never blocking.</b> The buffer is bounded. When it is full, because the broker cannot be reached or is too slow,
 * events are dropped and counted ({@code DROP_NEWEST}, the default, and {@code DROP_OLDEST}), or the caller waits
 * ({@code BLOCK}, for at most the {@code blockTimeout}).
 *
 * <p><b>What was accepted</b> is sent with {@code acks=all} and idempotence, for as long as it takes the broker to
 * acknowledge it, or until the publisher is closed: an outage of the broker loses nothing that fits into the buffer.
 * Events of one thread keep their order in each partition. What cannot be sent at all (it cannot be serialised, is too large,
 * the topic refuses it) counts as failed, and the first failure of each kind is logged.
 *
 * <p><b>Leaving out.</b> A {@code filter}, such as a {@link io.forebay.processor.plan.CaptureFilter} that follows a capture
 * plan, is asked first, in the calling thread: what it excludes is not buffered, not serialised, only counted.
 *
 * <p>Thread-safe.
 *
 * @param <E> the type of the events
 */
public final class EventPublisher<E> implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EventPublisher.class);
    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    private final String topic;
    private final Function<? super E, String> key;
    private final @Nullable Predicate<? super E> filter;
    private final StripedBuffer<E> buffer;
    private final Producer<String, E> producer;
    private final PublisherMetrics metrics;
    private final LongAdder published = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder excluded = new LongAdder();
    private final AtomicBoolean waitingForTopic = new AtomicBoolean();
    private final Set<Class<?>> loggedFailures = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private EventPublisher(Builder<E> options) {
        this.topic = options.topic;
        this.key = options.key;
        this.filter = options.filter;
        String clientId = options.clientId();
        this.buffer = StripedBuffer.<E>builder(this::send)
                .stripes(options.stripes)
                .capacity(options.capacityPerStripe)
                .overflow(options.overflow)
                .blockTimeout(options.blockTimeout == null ? Builder.BLOCK_TIMEOUT : options.blockTimeout)
                .name(clientId)
                .build();
        this.producer = new KafkaProducer<>(options.producerConfig, new StringSerializer(), options.serializer);
        this.metrics = new PublisherMetrics(clientId, topic, options.metricsConfig(), this::stats);
        buffer.start();
    }

    /**
     * Starts a publisher.
     *
     * @param topic the topic to publish to
     * @param key the key of an event's record
     * @param serializer how an event becomes the value of its record
     */
    public static <E> Builder<E> builder(String topic, Function<? super E, String> key, Serializer<E> serializer) {
        return new Builder<>(topic, key, serializer);
    }

    /**
     * Takes an event; it will be published some milliseconds later. Waits only under {@code BLOCK}. What the filter throws
     * comes out here.
     *
     * @return whether the event was accepted; if not, it was dropped or excluded, and counted
     * @throws IllegalStateException after {@link #close}, unless the filter excludes the event
     */
    public boolean lazyPut(E event) {
        if (filter != null && !filter.test(event)) {
            excluded.increment();
            return false;
        }
        return buffer.enqueue(event);
    }

    /** What happened so far. Once it is closed, whatever was accepted and not acknowledged has failed. */
    public EventPublisherStats stats() {
        boolean over = closed;
        long done = published.sum();
        long given = failed.sum();
        StripedBufferStats buffered = buffer.stats();
        long open = Math.max(0, buffered.accepted() - buffered.overwritten() - done - given);
        return new EventPublisherStats(
                buffered.accepted(),
                done,
                over ? 0 : open,
                buffered.rejected(),
                buffered.overwritten(),
                excluded.sum(),
                over ? buffered.accepted() - buffered.overwritten() - done : given);
    }

    /** Publishes what was accepted, for at most 30 seconds. */
    @Override
    public void close() {
        close(Duration.ofSeconds(30));
    }

    /**
     * Takes no more events, publishes those that were accepted, and waits for the broker to acknowledge them. When the time
     * is up, what was not acknowledged has failed; some of it may arrive nevertheless. Closing again answers the same. If the
     * calling thread is interrupted, the time is up at once; it stays interrupted.
     *
     * @param timeout how long to wait at most; zero gives up at once
     * @return what was published and what could not be in this time
     */
    public synchronized EventPublisherStats close(Duration timeout) {
        if (!closed) {
            long beginNanos = System.nanoTime();
            long limitNanos = timeout.compareTo(LONGEST) < 0 ? timeout.toNanos() : Long.MAX_VALUE;
            buffer.close(timeout);
            try {
                closeProducer(Duration.ofNanos(Math.max(0, limitNanos - (System.nanoTime() - beginNanos))));
            } finally {
                closed = true;
                metrics.close();
            }
            report(timeout);
        }
        return stats();
    }

    private void closeProducer(Duration left) {
        boolean interrupted = Thread.interrupted();
        try {
            producer.close(interrupted ? Duration.ZERO : left);
        } catch (InterruptException e) {
            interrupted = Thread.interrupted(); // which the exception has restored
            producer.close(Duration.ZERO); // waits for its thread, so that nothing is acknowledged, and counted, later
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void report(Duration timeout) {
        EventPublisherStats end = stats();
        if (end.failed() > 0) {
            log.warn(
                    "{} of {} events for topic {} were not published; closing had {}",
                    end.failed(),
                    end.accepted(),
                    topic,
                    timeout);
        }
    }

    private void send(List<E> events) {
        for (E event : events) {
            try {
                send(event);
            } catch (RuntimeException | Error e) {
                fail(e); // this event cannot be sent, the next one may; and those before it must not be sent twice
            }
        }
    }

    /** Waits for as long as the broker cannot be reached: meanwhile the buffer fills up and its strategy decides. */
    private void send(E event) {
        String recordKey = key.apply(event);
        Delivery delivery = new Delivery();
        attempt(recordKey, event, delivery);
        while (delivery.refusal != null) {
            if (Thread.currentThread().isInterrupted()) {
                throw delivery.refusal;
            }
            if (waitingForTopic.compareAndSet(false, true)) {
                log.warn("Topic {} cannot be written to, trying again: {}", topic, delivery.refusal.getMessage());
            }
            delivery.refusal = null;
            attempt(recordKey, event, delivery);
        }
    }

    /** With a record of its own: the producer keeps what a serializer has put into its headers, and closes these. */
    private void attempt(String recordKey, E event, Delivery delivery) {
        Future<RecordMetadata> unused = producer.send(new ProducerRecord<>(topic, recordKey, event), delivery);
    }

    /** What becomes of one event. */
    private final class Delivery implements Callback {

        private final Thread sender = Thread.currentThread();

        /** Why the producer did not even take the event; it says so before {@code send} returns, and in the same thread. */
        private @Nullable TimeoutException refusal;

        @Override
        public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception exception) {
            if (exception == null) {
                succeed();
            } else if (exception instanceof TimeoutException timeout && Thread.currentThread() == sender) {
                refusal = timeout;
            } else {
                fail(exception);
            }
        }
    }

    private void succeed() {
        published.increment();
        if (waitingForTopic.get() && waitingForTopic.compareAndSet(true, false)) {
            log.info("Topic {} can be written to again", topic);
        }
    }

    private void fail(Throwable failure) {
        failed.increment();
        if (loggedFailures.add(failure.getClass())) {
            log.warn(
                    "An event cannot be published to topic {}; further failures of this kind are only counted",
                    topic,
                    failure);
        }
    }

    /**
     * Collects the options. Not thread-safe.
     *
     * @param <E> the type of the events
     */
    public static final class Builder<E> {

        private static final Duration BLOCK_TIMEOUT = Duration.ofSeconds(30);

        private final String topic;
        private final Function<? super E, String> key;
        private final Serializer<E> serializer;
        private final Map<String, Object> producerConfig = new HashMap<>(Map.of(
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                Integer.MAX_VALUE, // an outage may last longer than Kafka's two minutes
                ProducerConfig.LINGER_MS_CONFIG,
                5,
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                "lz4"));
        private int stripes = Runtime.getRuntime().availableProcessors();
        private int capacityPerStripe = 16_384;
        private OverflowStrategy overflow = OverflowStrategy.DROP_NEWEST;
        private @Nullable Duration blockTimeout;
        private @Nullable Predicate<? super E> filter;

        private Builder(String topic, Function<? super E, String> key, Serializer<E> serializer) {
            this.topic = Objects.requireNonNull(topic, "topic");
            this.key = Objects.requireNonNull(key, "key");
            this.serializer = Objects.requireNonNull(serializer, "serializer");
        }

        /**
         * Settings of the producer; {@code bootstrap.servers} is needed, what is given here wins over our defaults.
         *
         * @throws IllegalArgumentException if there is a {@code transactional.id}: there are no transactions here
         */
        public Builder<E> producer(Map<String, ?> config) {
            if (config.get(ProducerConfig.TRANSACTIONAL_ID_CONFIG) != null) {
                throw new IllegalArgumentException("transactional.id="
                        + config.get(ProducerConfig.TRANSACTIONAL_ID_CONFIG)
                        + ": an event publisher sends outside of transactions; leave it out");
            }
            producerConfig.putAll(config);
            return this;
        }

        /** How many buffers, each with a thread of its own (default: one per processor). */
        public Builder<E> stripes(int count) {
            StripedBuffer.<E>builder(events -> {}).stripes(count);
            this.stripes = count;
            return this;
        }

        /** How many events each of them holds: a power of two (default 16,384). */
        public Builder<E> capacityPerStripe(int events) {
            StripedBuffer.<E>builder(batch -> {}).capacity(events);
            this.capacityPerStripe = events;
            return this;
        }

        /** What happens when a buffer is full (default {@code DROP_NEWEST}). */
        public Builder<E> overflow(OverflowStrategy strategy) {
            this.overflow = Objects.requireNonNull(strategy, "strategy");
            return this;
        }

        /** How long {@link #lazyPut} waits for room under {@code BLOCK} before it drops the event (default 30 s). */
        public Builder<E> blockTimeout(Duration timeout) {
            StripedBuffer.<E>builder(events -> {}).blockTimeout(timeout);
            this.blockTimeout = timeout;
            return this;
        }

        /**
         * What to publish at all (default: everything), such as a {@link io.forebay.processor.plan.CaptureFilter}. Asked by
         * the threads that call {@link #lazyPut}: must be thread-safe and quick.
         */
        public Builder<E> filter(Predicate<? super E> wanted) {
            this.filter = Objects.requireNonNull(wanted, "filter");
            return this;
        }

        /**
         * The publisher, started.
         *
         * @throws IllegalStateException if {@code bootstrap.servers} is missing, or there is a {@code blockTimeout} and
         *     nothing blocks
         */
        public EventPublisher<E> build() {
            if (!producerConfig.containsKey(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG)) {
                throw new IllegalStateException(
                        "an event publisher needs bootstrap.servers: give it with producer(...)");
            }
            if (blockTimeout != null && overflow != OverflowStrategy.BLOCK) {
                throw new IllegalStateException("blockTimeout=" + blockTimeout + " and overflow=" + overflow
                        + ": only BLOCK waits; leave one of them out");
            }
            return new EventPublisher<>(this);
        }

        /** The settings of the producer as they are now. */
        Map<String, Object> producerConfig() {
            return Map.copyOf(producerConfig);
        }

        private String clientId() {
            Object given = producerConfig.get(ProducerConfig.CLIENT_ID_CONFIG);
            return given != null && !given.toString().isBlank()
                    ? given.toString()
                    : "publisher-" + topic + "-" + NUMBERS.incrementAndGet();
        }

        /** The producer's, and serializers, which these do not name. */
        private Map<String, Object> metricsConfig() {
            Map<String, Object> config = new HashMap<>(producerConfig);
            config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
            config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, serializer.getClass());
            return config;
        }
    }
}
