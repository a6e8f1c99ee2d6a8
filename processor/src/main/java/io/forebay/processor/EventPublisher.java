package io.forebay.processor;

import io.forebay.buffer.CloseReport;
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
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes events from application threads to a Kafka topic without holding these threads up: {@link #lazyPut} leaves an
 * event in a buffer of the calling core's own, and threads of the publisher serialise and send it.
 *
 * <p>The buffer is bounded. When it is full, because the broker cannot be reached or is too slow, events are dropped and
 * counted ({@code DROP_NEWEST}, the default, and {@code DROP_OLDEST}), or the caller waits ({@code BLOCK}). Events of one
 * thread keep their order. What was accepted is sent with {@code acks=all} and idempotence, and retried until it is
 * acknowledged or the publisher closed; what cannot be sent at all counts as failed, and the first failure of each kind is
 * logged.
 *
 * <p>Thread-safe.
 *
 * @param <E> the type of the events
 */
public final class EventPublisher<E> implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EventPublisher.class);

    private final String topic;
    private final Function<? super E, String> key;
    private final Producer<String, E> producer;
    private final StripedBuffer<E> buffer;
    private final LongAdder published = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final Set<Class<?>> loggedFailures = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private EventPublisher(Builder<E> builder) {
        this.topic = builder.topic;
        this.key = builder.key;
        this.producer = new KafkaProducer<>(builder.producerConfig, new StringSerializer(), builder.serializer);
        this.buffer = StripedBuffer.<E>builder(this::send)
                .stripes(builder.stripes)
                .capacity(builder.capacityPerStripe)
                .overflow(builder.overflow)
                .name("publisher-" + topic)
                .build();
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
     * Takes an event; it will be published some milliseconds later. Waits only under {@code BLOCK}.
     *
     * @return whether the event was accepted; false means it was dropped, and counted
     * @throws IllegalStateException after {@link #close}
     */
    public boolean lazyPut(E event) {
        return buffer.enqueue(event);
    }

    /** What happened so far. Once it is closed, whatever was accepted and not acknowledged has failed. */
    public EventPublisherStats stats() {
        StripedBufferStats buffered = buffer.stats();
        long acknowledged = published.sum();
        long lost = closed ? buffered.accepted() - buffered.overwritten() - acknowledged : failed.sum();
        return new EventPublisherStats(buffered.accepted(), acknowledged, buffered.dropped(), lost);
    }

    /** Publishes what was accepted, for at most 30 seconds. */
    @Override
    public void close() {
        close(Duration.ofSeconds(30));
    }

    /**
     * Takes no more events, publishes those that were accepted, and waits for the broker to acknowledge them.
     *
     * @return what was published and what could not be in this time
     */
    public EventPublisherStats close(Duration timeout) {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        CloseReport drained = buffer.close(timeout);
        if (drained.undelivered() > 0) {
            log.warn("{} events for topic {} could not be sent within {}", drained.undelivered(), topic, timeout);
        }
        producer.close(Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime())));
        closed = true;
        return stats();
    }

    private void send(List<E> events) {
        for (E event : events) {
            try {
                send(event);
            } catch (RuntimeException e) {
                fail(e); // this event cannot be sent, the next one may
            }
        }
    }

    /** Waits for as long as the broker cannot be reached: meanwhile the buffer fills up and its strategy decides. */
    private void send(E event) {
        ProducerRecord<String, E> record = new ProducerRecord<>(topic, key.apply(event), event);
        Delivery delivery = new Delivery();
        Future<RecordMetadata> unused = producer.send(record, delivery);
        while (delivery.refusal != null) {
            if (Thread.currentThread().isInterrupted()) {
                throw delivery.refusal;
            }
            log.info("Topic {} cannot be written to yet, trying again: {}", topic, delivery.refusal.getMessage());
            delivery.refusal = null;
            unused = producer.send(record, delivery);
        }
    }

    /** What becomes of one event. */
    private final class Delivery implements Callback {

        private final Thread sender = Thread.currentThread();

        /** Why the producer did not even take the event; it says so before {@code send} returns, and in the same thread. */
        private @Nullable TimeoutException refusal;

        @Override
        public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception exception) {
            if (exception == null) {
                published.increment();
            } else if (exception instanceof TimeoutException timeout && Thread.currentThread() == sender) {
                refusal = timeout;
            } else {
                fail(exception);
            }
        }
    }

    private void fail(Exception exception) {
        failed.increment();
        if (loggedFailures.add(exception.getClass())) {
            log.warn(
                    "An event cannot be published to topic {}; further failures of this kind are only counted",
                    topic,
                    exception);
        }
    }

    /**
     * Collects the options. Not thread-safe.
     *
     * @param <E> the type of the events
     */
    public static final class Builder<E> {

        private final String topic;
        private final Function<? super E, String> key;
        private final Serializer<E> serializer;
        private final Map<String, Object> producerConfig = new HashMap<>(Map.of(
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                ProducerConfig.LINGER_MS_CONFIG,
                5,
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                "lz4"));
        private int stripes = Runtime.getRuntime().availableProcessors();
        private int capacityPerStripe = 16_384;
        private OverflowStrategy overflow = OverflowStrategy.DROP_NEWEST;

        private Builder(String topic, Function<? super E, String> key, Serializer<E> serializer) {
            this.topic = Objects.requireNonNull(topic, "topic");
            this.key = Objects.requireNonNull(key, "key");
            this.serializer = Objects.requireNonNull(serializer, "serializer");
        }

        /** Settings of the producer; {@code bootstrap.servers} is needed, what is given here wins over our defaults. */
        public Builder<E> producer(Map<String, ?> config) {
            producerConfig.putAll(config);
            return this;
        }

        /** How many buffers, each with a thread of its own (default: one per processor). */
        public Builder<E> stripes(int count) {
            this.stripes = count;
            return this;
        }

        /** How many events each of them holds: a power of two (default 16,384). */
        public Builder<E> capacityPerStripe(int events) {
            this.capacityPerStripe = events;
            return this;
        }

        /** What happens when a buffer is full (default {@code DROP_NEWEST}). */
        public Builder<E> overflow(OverflowStrategy strategy) {
            this.overflow = Objects.requireNonNull(strategy, "strategy");
            return this;
        }

        /**
         * The publisher, started.
         *
         * @throws IllegalStateException if {@code bootstrap.servers} is missing
         */
        public EventPublisher<E> build() {
            if (!producerConfig.containsKey(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG)) {
                throw new IllegalStateException(
                        "an event publisher needs bootstrap.servers: give it with producer(...)");
            }
            return new EventPublisher<>(this);
        }
    }
}
