package io.forebay.serdes.catalog;

import io.forebay.serdes.internal.LogicalTypeCheck;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.kafka.common.cache.Cache;
import org.apache.kafka.common.cache.LRUCache;
import org.apache.kafka.common.cache.SynchronizedCache;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A catalog in a compacted Kafka topic, so that programs without a schema registry still read each other's newer schemas.
 *
 * <p>Protocol: a schema is on the topic, acknowledged by all in-sync replicas, before the first record that is written
 * with it. So a reader that meets an unknown fingerprint reads the topic up to its end as of now; if the schema is not
 * there then, nobody who follows the protocol has written the record. Keys are fingerprints (sixteen hexadecimal
 * digits), values are schemas (JSON), so compaction keeps each schema once. Whatever else is on the topic is ignored,
 * and logged.
 *
 * <p>The first to publish creates the topic with {@code cleanup.policy=compact} if it does not exist, and refuses one
 * that would forget records. Who only reads needs to be allowed {@code READ} and {@code DESCRIBE}, no more; a topic that
 * does not exist has no schemas.
 *
 * <p>Thread-safe. Schemas that are known cost a map look-up. One lock orders the rest: reading the topic and publishing.
 * A fingerprint that was not found is not looked for again within {@value #UNKNOWN_SECONDS} seconds; of those,
 * {@value #MAX_UNKNOWN} are kept. Each unknown fingerprint has to be looked for once, at the price of a round trip to
 * the broker, as its schema may have been published a moment ago; threads that wait for each other share the trip.
 */
public final class TopicCatalog implements SchemaCatalog {
    /** What the topic is called unless there is a reason to call it something else. */
    public static final String DEFAULT_TOPIC = "forebay-schemas";

    private static final Logger LOG = LoggerFactory.getLogger(TopicCatalog.class);
    private static final int UNKNOWN_SECONDS = 5;
    private static final int MAX_UNKNOWN = 1_000;

    /** The topic, behind an interface for the sake of tests that need no broker. All calls are made under one lock. */
    interface SchemaLog extends AutoCloseable {
        /** Hands over what was added since the last call, up to the end of the topic as of now. */
        void readToEnd(Visitor visitor);

        /** Adds a record and waits until it is acknowledged. */
        void append(String key, String value);

        @Override
        void close();

        /** Takes one record. */
        interface Visitor {
            void visit(@Nullable String key, @Nullable String value);
        }
    }

    private final String topic;
    private final SchemaLog log;
    private final SchemaCatalog local;
    private final LongSupplier nanoTime;
    private final KnownSchemas shared = new KnownSchemas();
    private final Cache<Long, Long> unknownSinceNanos = new SynchronizedCache<>(new LRUCache<>(MAX_UNKNOWN));
    private final AtomicLong reads = new AtomicLong();

    TopicCatalog(String topic, SchemaLog log, SchemaCatalog local, LongSupplier nanoTime) {
        this.topic = topic;
        this.log = log;
        this.local = local;
        this.nanoTime = nanoTime;
    }

    /**
     * A catalog in a topic; connects when it is first needed.
     *
     * @param topic the topic's name, usually {@link #DEFAULT_TOPIC}
     * @param clientConfigs {@code bootstrap.servers} and whatever else Kafka clients need to connect; options that
     *     concern other things than the connection are ignored
     * @param local asked first, and closed with this catalog; usually {@link SchemaCatalog#classPath}
     */
    public static TopicCatalog open(String topic, Map<String, ?> clientConfigs, SchemaCatalog local) {
        return new TopicCatalog(topic, new KafkaSchemaLog(topic, clientConfigs), local, System::nanoTime);
    }

    @Override
    public @Nullable Schema findByFingerprint(long fingerprint) {
        Schema schema = findKnown(fingerprint);
        return schema != null || isKnownToBeUnknown(fingerprint) ? schema : findOnTopic(fingerprint, reads.get());
    }

    private @Nullable Schema findKnown(long fingerprint) {
        Schema theirs = shared.find(fingerprint);
        Schema ours = local.findByFingerprint(fingerprint);
        if (theirs != null && ours != null) {
            LogicalTypeCheck.requireSameMeaning(fingerprint, theirs, ours);
        }
        return theirs != null ? theirs : ours;
    }

    private boolean isKnownToBeUnknown(long fingerprint) {
        Long since = unknownSinceNanos.get(fingerprint);
        return since != null
                && nanoTime.getAsLong() - since
                        <= Duration.ofSeconds(UNKNOWN_SECONDS).toNanos();
    }

    /** Whoever waited here while another thread read the topic need not read it again. */
    private synchronized @Nullable Schema findOnTopic(long fingerprint, long readsBefore) {
        if (reads.get() == readsBefore) {
            readToEnd();
        }
        Schema schema = shared.find(fingerprint);
        if (schema == null) {
            unknownSinceNanos.put(fingerprint, nanoTime.getAsLong());
        }
        return schema;
    }

    private void readToEnd() {
        reads.incrementAndGet(); // first: who asks from now on may miss something with this read
        log.readToEnd(this::visit);
    }

    @Override
    public void publish(Schema schema) {
        long fingerprint = SchemaNormalization.parsingFingerprint64(schema);
        if (!shared.admits(fingerprint, schema)) {
            publish(fingerprint, schema);
        }
    }

    /** Reads again what it has written, as another program may have written another schema in the same moment. */
    private synchronized void publish(long fingerprint, Schema schema) {
        Schema ours = local.findByFingerprint(fingerprint);
        if (ours != null) {
            LogicalTypeCheck.requireSameMeaning(fingerprint, ours, schema);
        }
        readToEnd();
        if (!shared.admits(fingerprint, schema)) {
            log.append(key(fingerprint), schema.toString());
            readToEnd();
            shared.add(fingerprint, schema);
            shared.admits(fingerprint, schema);
        }
        unknownSinceNanos.remove(fingerprint);
    }

    private void visit(@Nullable String key, @Nullable String value) {
        if (key == null || value == null) {
            LOG.warn("Ignoring a record without key or value on topic {}: key={}", topic, key);
            return;
        }
        try {
            Schema schema = new Schema.Parser(NameValidator.NO_VALIDATION)
                    .setValidateDefaults(false)
                    .parse(value);
            long fingerprint = SchemaNormalization.parsingFingerprint64(schema);
            if (key(fingerprint).equals(key)) {
                shared.add(fingerprint, schema);
                unknownSinceNanos.remove(fingerprint);
            } else {
                LOG.warn("Ignoring a schema on topic {} whose fingerprint is not its key: key={}", topic, key);
            }
        } catch (AvroRuntimeException e) {
            LOG.warn("Ignoring a record on topic {} that is not a schema: key={}", topic, key, e);
        }
    }

    private static String key(long fingerprint) {
        return String.format("%016x", fingerprint);
    }

    @Override
    public String describe() {
        return "topic " + topic + " or " + local.describe();
    }

    @Override
    public synchronized void close() {
        log.close();
        local.close();
    }
}
