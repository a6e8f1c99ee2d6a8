package io.forebay.examples.demo;

import io.forebay.examples.cli.DataDir;
import io.forebay.examples.cli.RunInfo;
import io.forebay.examples.cli.Shutdown;
import io.forebay.examples.cli.StartupLog;
import io.forebay.examples.cli.UserError;
import io.forebay.examples.jfr.EventSink;
import io.forebay.examples.jfr.JfrSource;
import io.forebay.processor.EventIndexerStats;
import io.forebay.processor.EventPublisher;
import io.forebay.processor.EventPublisherStats;
import io.forebay.query.QueryServer;
import io.forebay.serdes.AvroSerdes;
import io.forebay.serdes.EventJson;
import io.forebay.serdes.event.Event;
import io.forebay.testing.ChildRegistry;
import io.forebay.testing.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;

/**
 * One run of the demo. The rooms of the house are opened in this order and closed in the opposite one:
 *
 * <pre>
 *   data directory → broker → registry → topics → plans → streams → http → (drain) → publisher → source
 * </pre>
 *
 * <p>So when it ends the source gives what it has to the publisher, the publisher waits for the broker's acknowledgement,
 * the drain waits until Kafka Streams has committed all of it, and only then the rest stops.
 */
final class Demo {

    private static final String EMBEDDED = "embedded";
    private static final Duration STREAMS_START = Duration.ofMinutes(5);
    private static final Duration PUBLISHER_CLOSE = Duration.ofSeconds(2);
    private static final Duration DRAIN = Duration.ofSeconds(4);
    private static final long POLL_NANOS = Duration.ofMillis(50).toNanos();

    private final DemoOptions options;
    private final Shutdown shutdown;
    private final StartupLog startup;
    private final Instant startedAt = Instant.now();
    private final DeadLetters deadLetters = new DeadLetters();

    private @Nullable DemoStreams streams;
    private @Nullable QueryServer server;
    private @Nullable EventPublisher<Event> publisher;
    private @Nullable JfrSource source;
    private volatile long undrained;
    private volatile boolean started;
    private volatile @Nullable String failure;

    Demo(DemoOptions options, Shutdown shutdown, StartupLog startup) {
        this.options = options;
        this.shutdown = shutdown;
        this.startup = startup;
    }

    /** Opens everything; what was opened is closed by the shutdown, even when this fails half-way. */
    void start() throws Exception {
        DataDir dataDir = shutdown.start("data", () -> DataDir.open(options.dataDir));
        String bootstrapServers = startBroker(dataDir);
        String registry = startRegistry(dataDir);
        Serde<Event> serde = topicSerde(registry);
        DemoTopics topics = shutdown.start("topics", () -> DemoTopics.connect(bootstrapServers));
        int partitions = startup.step(
                "topic", () -> createTopics(topics), count -> options.topic + ", " + count + " partitions");
        DemoPlans plans = shutdown.start("plans", () -> DemoPlans.open(bootstrapServers, options.capturePlan));
        DemoStreams application = startStreams(dataDir, bootstrapServers, serde);
        QueryServer http = startServer(application, plans, partitions);
        shutdown.register("drain", () -> drain(topics, partitions));
        EventPublisher<Event> events = startPublisher(bootstrapServers, serde);
        startSource(events, plans);
        dataDir.announce(new RunInfo(
                ProcessHandle.current().pid(),
                Instant.now(),
                bootstrapServers,
                http.uri().toString(),
                dataDir.root().toString(),
                options.topic,
                registry));
        started = true;
        startup.ready(http.uri().toString());
    }

    /** Whether everything was opened. */
    boolean isStarted() {
        return started;
    }

    private String startBroker(DataDir dataDir) throws Exception {
        if (options.bootstrapServers != null) {
            return options.bootstrapServers;
        }
        return startup.step(
                "broker",
                () -> shutdown.start("broker", () -> EmbeddedKafka.start(dataDir.kafka(), options.kafkaPort))
                        .bootstrapServers(),
                servers -> servers);
    }

    private @Nullable String startRegistry(DataDir dataDir) throws Exception {
        if (!EMBEDDED.equals(options.schemaRegistry)) {
            return options.schemaRegistry;
        }
        String runner = System.getProperty("forebay.registry");
        if (runner == null) {
            throw new UserError(
                    "--schema-registry=embedded works with the ./forebay launcher, which fetches the registry;"
                            + " elsewhere give the URL of a registry");
        }
        return startup.step(
                "registry",
                () -> shutdown.start("registry", () -> ChildRegistry.start(Path.of(runner), dataDir.registry()))
                        .url(),
                url -> url);
    }

    private static Serde<Event> topicSerde(@Nullable String registry) {
        AvroSerdes.Builder<Event> serde = AvroSerdes.specific(Event.class);
        return (registry == null ? serde : serde.registry(registry)).build();
    }

    private int createTopics(DemoTopics topics) throws InterruptedException {
        topics.create(deadLetterTopic(), 1);
        return topics.create(options.topic, options.partitions);
    }

    private String deadLetterTopic() {
        return options.topic + "-dead-letters";
    }

    private DemoStreams startStreams(DataDir dataDir, String bootstrapServers, Serde<Event> serde) throws Exception {
        return startup.step("streams", () -> {
            DemoStreams.Settings settings = new DemoStreams.Settings(
                    bootstrapServers,
                    options.topic,
                    deadLetterTopic(),
                    options.applicationId,
                    dataDir.streams(),
                    dataDir.identity());
            DemoStreams application = shutdown.start("streams", () -> DemoStreams.create(settings, serde, deadLetters));
            streams = application;
            application.start(STREAMS_START, () -> fail(dataDir));
            return application;
        });
    }

    /** Without its application the demo only fills the topic: better to stop. */
    private void fail(DataDir dataDir) {
        failure = "the Kafka Streams application has failed; the log is " + dataDir.logFile();
        shutdown.request();
    }

    /** Why the run did not end well, if it did not. */
    Optional<String> failure() {
        EventPublisherStats sent = publisher == null ? EventPublisherStats.NOTHING : publisher.stats();
        if (failure != null) {
            return Optional.of(failure);
        }
        if (sent.failed() > 0) {
            return Optional.of(sent.failed() + " events were captured, but could not be published");
        }
        return undrained == 0
                ? Optional.empty()
                : Optional.of(undrained + " records are not indexed yet; the next start goes on with them");
    }

    private QueryServer startServer(DemoStreams application, DemoPlans plans, int partitions) throws Exception {
        QueryServer http = startup.step(
                "http",
                () -> shutdown.start(
                        "http",
                        () -> QueryServer.builder(
                                        application.streams(),
                                        DemoStreams.STORE,
                                        application.indexer().definition())
                                .renderer(EventJson::toJson)
                                .partitions(partitions)
                                .port(options.port)
                                .counters(this::counters)
                                .documents(plans.documents())
                                .start()));
        server = http;
        return http;
    }

    private EventPublisher<Event> startPublisher(String bootstrapServers, Serde<Event> serde) throws Exception {
        EventPublisher<Event> events = EventPublisher.builder(options.topic, Event::getId, serde.serializer())
                .producer(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))
                .stripes(1) // one thread hands over all events of the flight recorder
                .build();
        publisher = events;
        shutdown.register("publisher", () -> events.close(PUBLISHER_CLOSE));
        return events;
    }

    private void startSource(EventPublisher<Event> events, DemoPlans plans) throws Exception {
        EventSink sink = events::lazyPut;
        source = startup.step(
                "source",
                () -> shutdown.start("source", () -> {
                    JfrSource jfr = options.attach == null
                            ? JfrSource.ofThisJvm(plans.settings(), sink)
                            : JfrSource.ofJvmAt(options.attach, plans.settings(), sink);
                    jfr.start();
                    plans.follow(jfr);
                    return jfr;
                }),
                jfr -> "flight recorder of " + (options.attach == null ? "this JVM" : options.attach));
    }

    /** Waits until everything published has been processed and committed. */
    private void drain(DemoTopics topics, int partitions) throws InterruptedException {
        long deadline = System.nanoTime() + DRAIN.toNanos();
        while ((undrained = topics.lag(options.topic, partitions, options.applicationId)) > 0) {
            if (System.nanoTime() - deadline > 0) {
                return; // the failure says so
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private Map<String, Long> counters() {
        DemoSummary summary = summary();
        Map<String, Long> counters = new LinkedHashMap<>();
        counters.put("captured", summary.captured());
        counters.put("published", summary.published());
        counters.put("indexed", summary.indexed());
        counters.put("dropped", summary.dropped());
        counters.put("deadLettered", summary.deadLettered());
        return counters;
    }

    DemoSummary summary() {
        JfrSource jfr = source;
        EventPublisher<Event> events = publisher;
        EventPublisherStats sent = events == null ? EventPublisherStats.NOTHING : events.stats();
        EventIndexerStats stored = streams == null
                ? new EventIndexerStats(0, 0, 0, 0, 0)
                : streams.indexer().stats();
        return new DemoSummary(
                jfr == null ? 0 : jfr.counts().captured(),
                sent.published(),
                stored.indexed(),
                sent.dropped() + stored.dropped(),
                deadLetters.count(),
                server == null ? 0 : server.queries(),
                DemoSummary.seconds(Duration.between(startedAt, Instant.now())));
    }
}
