package io.forebay.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.store.EventDefinition;
import io.forebay.store.EventStoreStats;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server that answers from an event store of a Kafka Streams application in this process, and shows it on a web
 * page. The interface is described in {@code docs/rest.md}.
 *
 * <pre>{@code
 * try (QueryServer server = QueryServer.builder(streams, "events", definition)
 *         .renderer(EventJson::toJson)
 *         .partitions(4)
 *         .start()) {
 *     System.out.println("see " + server.uri());
 * }
 * }</pre>
 *
 * <p>The server may be started before the application; it answers {@code 503} until that is running. It neither starts
 * nor closes the application: close the server first, the application after it.
 *
 * <p>It listens on the loopback address unless told otherwise and knows neither users nor encryption: put it behind a
 * proxy that does before it listens to others.
 *
 * <p>Thread-safe.
 */
public final class QueryServer implements AutoCloseable {

    /** The port unless told otherwise. */
    public static final int DEFAULT_PORT = 8470;

    private static final int PROBES = 4;

    private final HttpServer http;
    private final String host;
    private final LongSupplier queries;
    private final RateSampler sampler;
    private final QueryExecutor executor;
    private final QueryExecutor probes;

    private <E> QueryServer(
            Builder<E> options, PartitionedEvents<E> events, Function<? super E, ? extends JsonNode> renderer) {
        QueryParameters<E> parameters = new QueryParameters<>(options.definition, options.maxLimit);
        executor = new QueryExecutor("forebay-query", options.maxConcurrentQueries, options.queryTimeout);
        probes = new QueryExecutor("forebay-query-probe", PROBES, options.queryTimeout);
        EventRoutes<E> eventRoutes = new EventRoutes<>(events, parameters, executor, renderer);
        queries = eventRoutes::answered;

        Supplier<SortedMap<Integer, EventStoreStats>> stats = () -> probes.run(events::stats);
        Supplier<Map<String, Long>> counters = options.counters;
        InstantSource clock = InstantSource.system();
        EventRate rate = new EventRate();
        StatsRoutes statsRoutes = new StatsRoutes(stats, counters == null ? Map::of : counters, queries, rate, clock);
        HealthRoutes healthRoutes = new HealthRoutes(events::state, stats, new LinkedHashMap<>(options.checks));

        host = options.host;
        http = HttpServer.start(host, options.port, routes -> {
            eventRoutes.register(routes);
            statsRoutes.register(routes);
            healthRoutes.register(routes);
            options.documents.values().forEach(documents -> new DocumentRoutes(documents).register(routes));
        });
        sampler = new RateSampler(rate, counters == null ? () -> stored(stats.get()) : counters, clock).start();
    }

    /**
     * Starts the options of a server.
     *
     * @param streams the application; it need not run yet
     * @param storeName the name of the event store in its topology
     * @param definition the definition the store was built with; its indexes become query parameters
     * @param <E> the type of the events
     */
    public static <E> Builder<E> builder(KafkaStreams streams, String storeName, EventDefinition<E> definition) {
        return builder(new StreamsAccess.Local(streams), storeName, definition);
    }

    static <E> Builder<E> builder(StreamsAccess streams, String storeName, EventDefinition<E> definition) {
        return new Builder<>(streams, storeName, definition);
    }

    /** The port it listens on: the one asked for, or the free one that was taken for 0. */
    public int port() {
        return http.port();
    }

    /** Where the page is; paths of the interface are relative to this. */
    public URI uri() {
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port() + "/");
    }

    /** How many queries for events have been answered since the start, errors not counted. */
    public long queries() {
        return queries.getAsLong();
    }

    /** Takes no more requests, lets those under way finish, and ends, within seven seconds. Idempotent. */
    @Override
    public void close() {
        sampler.close();
        http.close();
        executor.close();
        probes.close();
    }

    private static Map<String, Long> stored(SortedMap<Integer, EventStoreStats> stats) {
        return Map.of(
                "stored",
                stats.values().stream().mapToLong(EventStoreStats::total).sum());
    }

    /**
     * Collects the options of a server. Not thread-safe.
     *
     * @param <E> the type of the events
     */
    public static final class Builder<E> {

        private static final Pattern DOCUMENT_PATH = Pattern.compile("[a-z]+(-[a-z]+)*");
        private static final List<String> OWN_PATHS = List.of("events", "stats", "rate");

        private final StreamsAccess streams;
        private final String storeName;
        private final EventDefinition<E> definition;
        private final Map<String, Supplier<Optional<String>>> checks = new LinkedHashMap<>();
        private final Map<String, DocumentCollection> documents = new LinkedHashMap<>();
        private @Nullable Function<? super E, ? extends JsonNode> renderer;
        private @Nullable Supplier<Map<String, Long>> counters;
        private String host = "127.0.0.1";
        private int port = DEFAULT_PORT;
        private int partitions;
        private int maxLimit = 10_000;
        private int maxConcurrentQueries = 16;
        private Duration queryTimeout = Duration.ofSeconds(10);

        private Builder(StreamsAccess streams, String storeName, EventDefinition<E> definition) {
            this.streams = Objects.requireNonNull(streams, "streams");
            this.storeName = Objects.requireNonNull(storeName, "storeName");
            this.definition = Objects.requireNonNull(definition, "definition");
        }

        /** How an event looks as JSON; required. Must be thread-safe. */
        public Builder<E> renderer(Function<? super E, ? extends JsonNode> function) {
            this.renderer = function;
            return this;
        }

        /** The name or address to listen on (default 127.0.0.1: this machine only). */
        public Builder<E> host(String newHost) {
            this.host = Objects.requireNonNull(newHost, "host");
            return this;
        }

        /** The port to listen on (default {@value #DEFAULT_PORT}); 0 takes any that is free. */
        public Builder<E> port(int newPort) {
            this.port = between("port", newPort, 0, 65_535);
            return this;
        }

        /**
         * How many partitions the store has, all of them in this process. An answer then has to come from each of them.
         * Without it, those that Kafka Streams has while it is running are taken for all.
         */
        public Builder<E> partitions(int number) {
            this.partitions = between("partitions", number, 1, Integer.MAX_VALUE);
            return this;
        }

        /** The largest limit a request may name (default 10,000); it bounds the memory of an answer. */
        public Builder<E> maxLimit(int events) {
            this.maxLimit = between("maxLimit", events, 1, 1_000_000);
            return this;
        }

        /** How many queries run at once (default 16); more are refused with {@code 503}. */
        public Builder<E> maxConcurrentQueries(int number) {
            this.maxConcurrentQueries = between("maxConcurrentQueries", number, 1, 1_000);
            return this;
        }

        /** How long a request waits for the stores (default 10 s). */
        public Builder<E> queryTimeout(Duration timeout) {
            if (timeout.isNegative() || timeout.isZero()) {
                throw new IllegalArgumentException("queryTimeout=" + timeout + " must be positive");
            }
            this.queryTimeout = timeout;
            return this;
        }

        /**
         * Counters of the application, shown with the stats, their growth drawn on the page. They must never go back;
         * the supplier must be thread-safe and quick, and the order of its map is kept. Without it the page draws how
         * the number of stored events grows.
         */
        public Builder<E> counters(Supplier<Map<String, Long>> supplier) {
            this.counters = supplier;
            return this;
        }

        /**
         * Something else that has to be in order before {@code /readyz} says so.
         *
         * @param name what it is called in the answer
         * @param check gives what is missing, or nothing; must be thread-safe and quick
         */
        public Builder<E> readinessCheck(String name, Supplier<Optional<String>> check) {
            checks.put(name, check);
            return this;
        }

        /**
         * Documents that are to be read and changed at {@code /v1/<path>} as well. Whoever reaches the server can change them.
         *
         * @throws IllegalArgumentException if the path is not of lower-case letters and dashes, or taken
         */
        public Builder<E> documents(DocumentCollection collection) {
            String path = collection.path();
            if (!DOCUMENT_PATH.matcher(path).matches() || OWN_PATHS.contains(path) || documents.containsKey(path)) {
                throw new IllegalArgumentException(
                        "path=" + path + " of documents: expected lower-case letters and dashes," + " and none of "
                                + OWN_PATHS + documents.keySet());
            }
            documents.put(path, collection);
            return this;
        }

        /**
         * Starts the server.
         *
         * @throws QueryServerException if it cannot listen there; the message names host, port and reason
         * @throws IllegalStateException if there is no renderer
         * @throws IllegalArgumentException if the topology has no store of that name, or a part of an index has the name
         *     of another query parameter
         */
        public QueryServer start() {
            if (renderer == null) {
                throw new IllegalStateException("a query server needs renderer(...)");
            }
            PartitionedEvents<E> events = new PartitionedEvents<>(streams, storeName, definition, partitions);
            if (!events.storeExists()) {
                throw new IllegalArgumentException("the topology has no store '" + storeName + "'");
            }
            return new QueryServer(this, events, renderer);
        }

        private static int between(String name, int value, int min, int max) {
            if (value < min || value > max) {
                throw new IllegalArgumentException(name + "=" + value + " must be from " + min + " to " + max);
            }
            return value;
        }
    }
}
