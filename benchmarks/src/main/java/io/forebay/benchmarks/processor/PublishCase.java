package io.forebay.benchmarks.processor;

import static io.forebay.benchmarks.cases.CaseArguments.figure;

import io.forebay.benchmarks.cases.CaseArguments;
import io.forebay.buffer.OverflowStrategy;
import io.forebay.processor.EventPublisher;
import io.forebay.processor.EventPublisherStats;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * What it costs an application to publish an event: two threads publish in bursts, as fast as they can, with a pause after each. The
 * time of the pauses does not count.
 */
final class PublishCase {

    /** How an event is published. */
    enum Way {
        LAZY_PUT,
        SEND
    }

    private static final int THREADS = 2;
    private static final int BURST = 1_000;
    private static final int WARM_UP_BURSTS = 100;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final String EVENT = "x".repeat(120);

    /** The same of both, and as {@link EventPublisher} has them. */
    private static final Map<String, Object> PRODUCER = Map.of("linger.ms", 5, "compression.type", "lz4");

    private PublishCase() {}

    public static void main(String[] arguments) throws Exception {
        CaseArguments args = new CaseArguments(arguments);
        String topic = args.get("topic");
        int bursts = args.number("bursts");
        switch (args.choice("way", Way.class)) {
            case LAZY_PUT -> lazyPut(args, topic, bursts);
            case SEND -> send(args, topic, bursts);
        }
    }

    private static void lazyPut(CaseArguments args, String topic, int bursts) throws Exception {
        EventPublisher<String> publisher = EventPublisher.<String>builder(
                        topic, event -> event.substring(0, 8), new StringSerializer())
                .producer(producer(args))
                .overflow(OverflowStrategy.BLOCK)
                .build();
        try {
            figure("nanos", nanosPerEvent(publisher::lazyPut, bursts));
        } finally {
            EventPublisherStats stats = publisher.close(Duration.ofMinutes(1));
            figure("lost", (double) THREADS * BURST * (bursts + WARM_UP_BURSTS) - stats.published());
        }
    }

    private static void send(CaseArguments args, String topic, int bursts) throws Exception {
        AtomicLong sent = new AtomicLong();
        try (KafkaProducer<byte[], String> producer =
                new KafkaProducer<>(producer(args), new ByteArraySerializer(), new StringSerializer())) {
            figure(
                    "nanos",
                    nanosPerEvent(
                            event -> producer.send(
                                    new ProducerRecord<>(
                                            topic, event.substring(0, 8).getBytes(StandardCharsets.UTF_8), event),
                                    (metadata, failure) -> sent.addAndGet(failure == null ? 1 : 0)),
                            bursts));
        }
        figure("lost", (double) THREADS * BURST * (bursts + WARM_UP_BURSTS) - sent.get());
    }

    private static Map<String, Object> producer(CaseArguments args) {
        Map<String, Object> config = new HashMap<>(PRODUCER);
        config.put("bootstrap.servers", args.get("bootstrap"));
        return config;
    }

    private static double nanosPerEvent(Consumer<String> publish, int bursts)
            throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<Long>> nanos = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                nanos.add(threads.submit(() -> publishInBursts(publish, bursts)));
            }
            long sum = 0;
            for (Future<Long> each : nanos) {
                sum += each.get();
            }
            return (double) sum / THREADS / BURST / bursts;
        } finally {
            threads.shutdown();
        }
    }

    private static long publishInBursts(Consumer<String> publish, int bursts) {
        long nanos = 0;
        for (int burst = -WARM_UP_BURSTS; burst < bursts; burst++) {
            long startNanos = System.nanoTime();
            for (int i = 0; i < BURST; i++) {
                publish.accept(EVENT);
            }
            nanos += burst < 0 ? 0 : System.nanoTime() - startNanos;
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return nanos;
    }
}
