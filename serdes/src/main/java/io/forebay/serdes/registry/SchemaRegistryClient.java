package io.forebay.serdes.registry;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.apache.avro.Schema;
import org.apache.kafka.common.cache.Cache;
import org.apache.kafka.common.cache.LRUCache;
import org.apache.kafka.common.cache.SynchronizedCache;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link SchemaRegistry} over HTTP that remembers answers.
 *
 * <p>What an id stands for is what the registry says it does: a schema that was registered or looked up may differ from it
 * in ways that make no difference to the registry, and is not taken for it.
 *
 * <p>Ids and schemas never change in a registry, so they are kept until the cache is full and they were not used for
 * longest. The newest version of a subject is believed for {@link Builder#latestTtl}, and for longer while no registry
 * answers. An id or schema that is unknown is not asked for again within {@value #UNKNOWN_SECONDS} seconds, so that a
 * topic full of garbage does not become a flood of requests.
 *
 * <p>Thread-safe. Two threads that miss the same entry both ask; nobody waits for a lock while the network answers.
 */
public final class SchemaRegistryClient implements SchemaRegistry {
    private static final Logger LOG = LoggerFactory.getLogger(SchemaRegistryClient.class);
    private static final int UNKNOWN_SECONDS = 5;

    /** How many versions of a subject are looked through for one that is spread over several subjects. */
    private static final int MAX_VERSIONS = 100;

    /** How many schemas are kept in each direction unless told otherwise. */
    public static final int DEFAULT_MAX_CACHED_SCHEMAS = 1_000;

    private final RegistryApi api;
    private final LongSupplier nanoTime;
    private final long latestTtlNanos;
    private final Cache<Integer, Schema> schemas;
    private final Cache<SubjectSchema, Integer> ids;
    private final Cache<String, Dated<RegisteredSchema>> latest;
    private final Cache<Integer, Dated<String>> unknownIds;
    private final Cache<SubjectSchema, Dated<String>> unknownSchemas;

    private record SubjectSchema(String subject, Schema schema) {}

    private record Dated<V>(V value, long atNanos) {}

    SchemaRegistryClient(RegistryOptions options, RegistryTransport.Pause pause, LongSupplier nanoTime) {
        this.api = new RegistryApi(new RegistryTransport(options, pause), options.normalize());
        this.nanoTime = nanoTime;
        this.latestTtlNanos = options.latestTtl().toNanos();
        this.schemas = cache(options);
        this.ids = cache(options);
        this.latest = cache(options);
        this.unknownIds = cache(options);
        this.unknownSchemas = cache(options);
    }

    private static <K, V> Cache<K, V> cache(RegistryOptions options) {
        return new SynchronizedCache<>(new LRUCache<>(options.maxCachedSchemas()));
    }

    /**
     * Begins a client.
     *
     * @param urls one or more roots of the same registry, for example {@code http://localhost:8081} or
     *     {@code http://localhost:8080/apis/ccompat/v7}; {@code user:password@} in front of the host becomes basic
     *     authentication
     */
    public static Builder builder(String... urls) {
        return new Builder(List.of(urls));
    }

    @Override
    public int register(String subject, Schema schema, List<SchemaReference> references) {
        SubjectSchema key = new SubjectSchema(subject, schema);
        Integer known = ids.get(key);
        if (known != null) {
            return known;
        }
        int id = api.register(subject, SchemaTexts.portable(schema, references), references);
        ids.put(key, id);
        unknownIds.remove(id);
        unknownSchemas.remove(key);
        return id;
    }

    @Override
    public int idOf(String subject, Schema schema) {
        SubjectSchema key = new SubjectSchema(subject, schema);
        Integer known = ids.get(key);
        if (known != null) {
            return known;
        }
        throwIfUnknown(unknownSchemas.get(key));
        try {
            int id = lookUp(subject, schema);
            ids.put(key, id);
            return id;
        } catch (UnknownSchemaException e) {
            unknownSchemas.put(key, unknown(e));
            throw e;
        }
    }

    private int lookUp(String subject, Schema schema) {
        String portable = SchemaTexts.portable(schema, List.of());
        try {
            return api.lookUp(subject, portable);
        } catch (UnknownSchemaException e) {
            return lookUpVerbatim(subject, schema, portable, e);
        }
    }

    /** Finds a schema that was registered with Java's hints. */
    private int lookUpVerbatim(String subject, Schema schema, String portable, UnknownSchemaException unknown) {
        String verbatim = schema.toString();
        if (!verbatim.equals(portable)) {
            try {
                return api.lookUp(subject, verbatim);
            } catch (UnknownSchemaException e) {
                unknown.addSuppressed(e);
            }
        }
        return lookThrough(subject, portable, unknown);
    }

    /** Finds a schema with other hints, or whose types are spread over several subjects. */
    private int lookThrough(String subject, String portable, UnknownSchemaException unknown) {
        List<Integer> versions = new ArrayList<>(api.versions(subject));
        Collections.reverse(versions); // the newest is the likeliest
        for (int version : versions.subList(0, Math.min(versions.size(), MAX_VERSIONS))) {
            RegistryApi.Stored stored = api.version(subject, version);
            Schema complete = SchemaTexts.parse(stored, this::resolve);
            if (SchemaTexts.portable(complete, List.of()).equals(portable)) {
                return stored.id();
            }
        }
        throw unknown;
    }

    @Override
    public Schema schema(int id) {
        Schema known = schemas.get(id);
        if (known != null) {
            return known;
        }
        throwIfUnknown(unknownIds.get(id));
        try {
            Schema schema = SchemaTexts.parse(api.byId(id), this::resolve);
            schemas.put(id, schema);
            return schema;
        } catch (UnknownSchemaException e) {
            unknownIds.put(id, unknown(e));
            throw e;
        }
    }

    private Dated<String> unknown(UnknownSchemaException e) {
        return new Dated<>(String.valueOf(e.getMessage()), nanoTime.getAsLong());
    }

    private void throwIfUnknown(@Nullable Dated<String> unknown) {
        if (unknown != null
                && isFresh(unknown, Duration.ofSeconds(UNKNOWN_SECONDS).toNanos())) {
            throw new UnknownSchemaException(unknown.value, null);
        }
    }

    @Override
    public RegisteredSchema latest(String subject) {
        Dated<RegisteredSchema> known = latest.get(subject);
        if (known != null && isFresh(known, latestTtlNanos)) {
            return known.value;
        }
        try {
            RegisteredSchema schema = askLatest(subject);
            latest.put(subject, new Dated<>(schema, nanoTime.getAsLong()));
            return schema;
        } catch (RegistryUnavailableException e) {
            if (known == null) {
                throw e;
            }
            LOG.warn("Going on with version {} of {}: {}", known.value.version(), subject, e.getMessage());
            return known.value;
        }
    }

    private RegisteredSchema askLatest(String subject) {
        RegistryApi.Stored stored = api.latest(subject);
        Schema schema = SchemaTexts.parse(stored, this::resolve);
        schemas.put(stored.id(), schema);
        return new RegisteredSchema(subject, stored.version(), stored.id(), schema);
    }

    /** Ends connections and threads. A client that is used afterwards connects anew. */
    @Override
    public void close() {
        api.close();
    }

    private RegistryApi.Stored resolve(SchemaReference reference) {
        return api.version(reference.subject(), reference.version());
    }

    private boolean isFresh(Dated<?> entry, long ttlNanos) {
        return nanoTime.getAsLong() - entry.atNanos <= ttlNanos;
    }

    /** Options of a client. Not thread-safe. */
    public static final class Builder {
        private final List<RegistryAddress> urls = new ArrayList<>();
        private @Nullable String authorization;
        private @Nullable SSLContext sslContext;
        private Duration connectTimeout = Duration.ofSeconds(5);
        private Duration requestTimeout = Duration.ofSeconds(10);
        private int retries = 3;
        private Duration backoff = Duration.ofMillis(200);
        private int maxCachedSchemas = DEFAULT_MAX_CACHED_SCHEMAS;
        private Duration latestTtl = Duration.ofMinutes(1);
        private boolean normalize;

        private Builder(List<String> texts) {
            texts.forEach(this::addUrl);
        }

        private void addUrl(String text) {
            RegistryAddress address = RegistryAddress.parse(text);
            if (address.userInfo() != null) {
                basicAuth(address.userInfo());
            }
            urls.add(address);
        }

        /** Basic authentication. */
        public Builder basicAuth(String user, String password) {
            return basicAuth(user + ":" + password);
        }

        private Builder basicAuth(String userInfo) {
            byte[] encoded = Base64.getEncoder().encode(userInfo.getBytes(StandardCharsets.UTF_8));
            return authorization("Basic " + new String(encoded, StandardCharsets.US_ASCII));
        }

        /** Bearer authentication. */
        public Builder bearerToken(String token) {
            return authorization("Bearer " + token);
        }

        private Builder authorization(String header) {
            if (authorization != null && !authorization.equals(header)) {
                throw new IllegalArgumentException("credentials of a schema registry given twice, and not the same");
            }
            authorization = header;
            return this;
        }

        /** The trust and keys for {@code https}; by default the JVM's. */
        public Builder sslContext(SSLContext context) {
            this.sslContext = context;
            return this;
        }

        /** How long to wait for a connection; default 5 s. */
        public Builder connectTimeout(Duration timeout) {
            this.connectTimeout = timeout;
            return this;
        }

        /** How long to wait for an answer, per attempt; default 10 s. */
        public Builder requestTimeout(Duration timeout) {
            this.requestTimeout = timeout;
            return this;
        }

        /**
         * How often to try all URLs again when none has answered, and the first pause in between, which doubles each time
         * up to 10 s; default 3 times, 200 ms.
         */
        public Builder retries(int times, Duration firstPause) {
            this.retries = times;
            this.backoff = firstPause;
            return this;
        }

        /** How many schemas to keep in each direction; default 1000. */
        public Builder maxCachedSchemas(int max) {
            this.maxCachedSchemas = max;
            return this;
        }

        /** How long the newest version of a subject is believed; default one minute, zero asks every time. */
        public Builder latestTtl(Duration ttl) {
            this.latestTtl = ttl;
            return this;
        }

        /** Lets the registry ignore insignificant differences when it compares schemas; default off. */
        public Builder normalize(boolean on) {
            this.normalize = on;
            return this;
        }

        /**
         * Makes the client; does not connect yet.
         *
         * @throws IllegalArgumentException if an option is out of range; names it and its value
         */
        public SchemaRegistryClient build() {
            return new SchemaRegistryClient(options(), duration -> Thread.sleep(duration.toMillis()), System::nanoTime);
        }

        RegistryOptions options() {
            return new RegistryOptions(
                    urls,
                    authorization,
                    sslContext,
                    connectTimeout,
                    requestTimeout,
                    retries,
                    backoff,
                    maxCachedSchemas,
                    latestTtl,
                    normalize);
        }
    }
}
