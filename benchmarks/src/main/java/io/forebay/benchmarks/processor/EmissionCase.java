package io.forebay.benchmarks.processor;

import static io.forebay.benchmarks.cases.CaseArguments.figure;

import io.forebay.benchmarks.cases.CaseArguments;
import io.forebay.processor.PutNewer;
import io.forebay.processor.VersionSource;
import io.forebay.store.LatestDefinition;
import io.forebay.store.LatestStores;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Suppressed;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.state.Stores;

/**
 * Updates come at a steady rate, and the newest of each key is to be sent on once a second: how many records that are, and how long the oldest
 * update that a record stands for has waited. What comes in the first seconds does not count.
 */
final class EmissionCase {

    /** Who holds updates back. */
    enum Way {
        PUT_NEWER,
        SUPPRESS
    }

    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final int KEYS = 1_000;
    private static final int UPDATES_PER_SECOND = 10_000;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int WARM_UP_SECONDS = 4;

    private final Map<String, Long> waitingSince = new HashMap<>();
    private volatile boolean measuring;
    private long emitted;
    private long longestNanos;

    private EmissionCase() {}

    public static void main(String[] arguments) throws Exception {
        new EmissionCase().run(new CaseArguments(arguments));
    }

    private void run(CaseArguments args) throws Exception {
        Topology topology = topology(args.choice("way", Way.class), args.get("topic"));
        try (StepApplication application = new StepApplication(topology, args, args.get("id"))) {
            application.awaitRunning();
            produce(args, args.number("seconds"));
            synchronized (waitingSince) {
                measuring = false;
            }
        }
        figure("emitted", emitted);
        figure("longest-seconds", longestNanos / 1e9);
    }

    private void produce(CaseArguments args, int seconds) {
        int perTick = (int) (UPDATES_PER_SECOND * TICK_NANOS / TimeUnit.SECONDS.toNanos(1));
        long ticksPerSecond = TimeUnit.SECONDS.toNanos(1) / TICK_NANOS;
        try (KafkaProducer<String, Long> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", args.get("bootstrap")), new StringSerializer(), new LongSerializer())) {
            long next = System.nanoTime();
            long update = 0;
            for (long tick = 0; tick < (WARM_UP_SECONDS + seconds) * ticksPerSecond; tick++) {
                measuring = tick >= WARM_UP_SECONDS * ticksPerSecond;
                for (int i = 0; i < perTick; i++, update++) {
                    producer.send(new ProducerRecord<>(args.get("topic"), "key-" + update * 7_919 % KEYS, update));
                }
                next += TICK_NANOS;
                LockSupport.parkNanos(next - System.nanoTime());
            }
        }
    }

    private Topology topology(Way way, String topic) {
        StreamsBuilder builder = new StreamsBuilder();
        KStream<String, Long> updates = builder.stream(topic, Consumed.with(Serdes.String(), Serdes.Long()))
                .peek((key, value) -> comes(key));
        switch (way) {
            case PUT_NEWER ->
                updates.process(PutNewer.builder(
                                        LatestStores.builder(
                                                "newest", LatestDefinition.of(Serdes.String(), Serdes.Long())),
                                        VersionSource.<String, Long>value(Long::longValue))
                                .flushInterval(INTERVAL, PunctuationType.WALL_CLOCK_TIME)
                                .build())
                        .foreach((key, value) -> goes(key));
            case SUPPRESS ->
                updates.groupByKey()
                        .reduce(
                                Math::max,
                                Materialized.<String, Long>as(Stores.persistentKeyValueStore("newest"))
                                        .withKeySerde(Serdes.String())
                                        .withValueSerde(Serdes.Long())
                                        .withCachingDisabled()) // or nothing comes before the next commit
                        .suppress(Suppressed.untilTimeLimit(INTERVAL, Suppressed.BufferConfig.unbounded()))
                        .toStream()
                        .foreach((key, value) -> goes(key));
        }
        return builder.build();
    }

    private void comes(String key) {
        synchronized (waitingSince) {
            waitingSince.putIfAbsent(key, System.nanoTime());
        }
    }

    private void goes(String key) {
        synchronized (waitingSince) {
            Long since = waitingSince.remove(key);
            if (measuring && since != null) {
                emitted++;
                longestNanos = Math.max(longestNanos, System.nanoTime() - since);
            }
        }
    }
}
