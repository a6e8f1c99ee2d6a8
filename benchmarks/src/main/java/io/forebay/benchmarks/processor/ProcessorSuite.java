package io.forebay.benchmarks.processor;

import static org.apache.kafka.streams.StreamsConfig.AT_LEAST_ONCE;
import static org.apache.kafka.streams.StreamsConfig.EXACTLY_ONCE_V2;

import io.forebay.benchmarks.cases.CaseFigures;
import io.forebay.benchmarks.cases.CaseJvm;
import io.forebay.benchmarks.cases.Medians;
import io.forebay.testing.BrokerClients;
import io.forebay.testing.ChildKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;

/** Runs all cases, in rounds, against one broker in a process of its own. */
final class ProcessorSuite {

    /**
     * How much is done.
     *
     * @param updates how many updates go through each step
     * @param keys how many keys they are of
     * @param seconds how long emissions are watched
     */
    record Size(int updates, int keys, int seconds, int rounds) {

        /** The same in so many rounds, if that is more than none. */
        Size rounds(int wanted) {
            return wanted > 0 ? new Size(updates, keys, seconds, wanted) : this;
        }
    }

    static final List<String> GUARANTEES = List.of(AT_LEAST_ONCE, EXACTLY_ONCE_V2);

    private static final String UPDATES = "updates";
    private static final String WARM_UP = "warm-up";
    private static final String FEW = "few";
    private static final int FEW_RECORDS = 1_000;
    private static final int PUBLISH_BURSTS = 300;

    private final Size size;
    private final int warmUp;
    private final Path directory;
    private final Consumer<String> progress;
    private final CaseJvm jvm;
    private final Medians medians = new Medians();

    ProcessorSuite(Size size, Path directory, Consumer<String> progress) {
        this.size = size;
        this.warmUp = size.updates() / 4;
        this.directory = directory;
        this.progress = progress;
        this.jvm = new CaseJvm(directory.resolve("cases.log"));
    }

    static String name(UpdateStep step, String guarantee) {
        return step + " " + guarantee;
    }

    static String lost(String name) {
        return "lost " + name;
    }

    static String longest(EmissionCase.Way way) {
        return "longest " + way;
    }

    Medians run() throws Exception {
        try (ChildKafka kafka = ChildKafka.start(directory.resolve("broker"), 0);
                BrokerClients clients = new BrokerClients(kafka.bootstrapServers())) {
            progress.accept("filling topics");
            fill(kafka.bootstrapServers(), clients, UPDATES, size.updates());
            fill(kafka.bootstrapServers(), clients, WARM_UP, warmUp);
            fill(kafka.bootstrapServers(), clients, FEW, FEW_RECORDS);
            for (int round = 1; round <= size.rounds(); round++) {
                new Round(round, kafka.bootstrapServers(), clients).run();
            }
        }
        return medians;
    }

    private void fill(String bootstrapServers, BrokerClients clients, String topic, int count)
            throws ExecutionException, InterruptedException {
        clients.createTopic(topic, 1, Map.of());
        Updates updates = new Updates(count, size.keys());
        AtomicReference<Exception> failure = new AtomicReference<>();
        Map<String, Object> config =
                Map.of("bootstrap.servers", bootstrapServers, "linger.ms", "5", "batch.size", "65536", "acks", "all");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int number = 0; number < count; number++) {
                ProducerRecord<byte[], byte[]> record =
                        new ProducerRecord<>(topic, updates.key(number), Updates.value(number));
                producer.send(record, (metadata, e) -> {
                    if (e != null) {
                        failure.set(e);
                    }
                });
            }
        }
        if (failure.get() != null) {
            throw new ExecutionException("cannot fill topic " + topic, failure.get());
        }
    }

    /** Every case once. */
    private final class Round {

        private final int number;
        private final String bootstrapServers;
        private final BrokerClients clients;

        Round(int number, String bootstrapServers, BrokerClients clients) {
            this.number = number;
            this.bootstrapServers = bootstrapServers;
            this.clients = clients;
        }

        void run() throws Exception {
            for (String guarantee : GUARANTEES) {
                for (UpdateStep step : UpdateStep.values()) {
                    update(step, guarantee);
                }
            }
            for (EmissionCase.Way way : EmissionCase.Way.values()) {
                String topic = "emission-" + way + "-" + number;
                clients.createTopic(topic, 1, Map.of());
                CaseFigures figures = run(topic, EmissionCase.class, args(way, topic, topic, AT_LEAST_ONCE));
                medians.add(way.name(), figures.get("emitted"));
                medians.add(longest(way), figures.get("longest-seconds"));
            }
            for (BatchCase.Way way : BatchCase.Way.values()) {
                boolean ours = way == BatchCase.Way.BATCH_WRITER;
                Map<String, String> args = args(way, way + "-" + number, ours ? WARM_UP : FEW, AT_LEAST_ONCE);
                args.put("records", Integer.toString(ours ? warmUp : FEW_RECORDS));
                CaseFigures figures = run(way, BatchCase.class, args);
                medians.add(way.name(), figures.get("records-per-second"));
                medians.add(lost(way.name()), figures.get("lost"));
            }
            for (PublishCase.Way way : PublishCase.Way.values()) {
                String topic = "publish-" + way + "-" + number;
                clients.createTopic(topic, 1, Map.of());
                CaseFigures figures = run(topic, PublishCase.class, args(way, topic, topic, AT_LEAST_ONCE));
                medians.add(way.name(), figures.get("nanos"));
                medians.add(lost(way.name()), figures.get("lost"));
            }
        }

        private void update(UpdateStep step, String guarantee) throws Exception {
            Map<String, String> args = args(step, step + "-" + guarantee + "-" + number, UPDATES, guarantee);
            CaseFigures figures = run(name(step, guarantee), UpdateCase.class, args);
            double lost = figures.get("lost");
            if (lost > 0 && step != UpdateStep.PUT_NEWER) {
                throw new IllegalStateException(name(step, guarantee) + " lost " + lost + " keys");
            }
            medians.add(name(step, guarantee), figures.get("seconds"));
            medians.add(lost(name(step, guarantee)), lost);
        }

        private Map<String, String> args(Enum<?> way, String id, String topic, String guarantee) {
            Map<String, String> args = new HashMap<>();
            args.put("way", way.name());
            args.put("id", id);
            args.put("guarantee", guarantee);
            args.put("bootstrap", bootstrapServers);
            args.put("topic", topic);
            args.put("directory", directory.resolve("state").toString());
            args.put("updates", Integer.toString(size.updates()));
            args.put("keys", Integer.toString(size.keys()));
            args.put("seconds", Integer.toString(size.seconds()));
            args.put("bursts", Integer.toString(PUBLISH_BURSTS));
            args.put(WARM_UP, Integer.toString(warmUp));
            args.put("warm-up-topic", WARM_UP);
            return args;
        }

        private CaseFigures run(Object name, Class<?> type, Map<String, String> args)
                throws IOException, InterruptedException {
            progress.accept("round " + number + "/" + size.rounds() + ": " + name);
            CaseFigures figures = jvm.run(type, args);
            progress.accept("    " + figures);
            Utils.delete(directory.resolve("state").toFile());
            return figures;
        }
    }
}
