package io.forebay.serdes;

import io.forebay.serdes.registry.SchemaRegistryClient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigException;

/**
 * The options of {@link AvroSerde}, {@link AvroSerializer}, {@link AvroDeserializer} and the Connect converter when they
 * are named in a configuration. Names are those that configurations for Confluent's serializers already use, where there
 * is one, and each may have {@code schema.registry.} in front; everything else in the map is ignored, except that {@code schema.registry.ssl.*} takes Kafka's own
 * {@code ssl.*} options and {@link #SCHEMAS_TOPIC} passes the map on to the Kafka clients it makes.
 *
 * <p>The constants are names only; what each option means, its default and its range stand in {@link #DEFINITION}, from
 * which the table in {@code docs/serdes.md} is checked.
 */
public final class AvroSerdeConfig extends AbstractConfig {
    public static final String URL = "schema.registry.url";
    public static final String AUTO_REGISTER = "auto.register.schemas";
    public static final String USE_LATEST_VERSION = "use.latest.version";
    public static final String LATEST_TTL_SECONDS = "latest.cache.ttl.sec";
    public static final String NORMALIZE = "normalize.schemas";
    public static final String KEY_SUBJECTS = "key.subject.name.strategy";
    public static final String VALUE_SUBJECTS = "value.subject.name.strategy";
    public static final String SPECIFIC_READER = "specific.avro.reader";
    public static final String REFLECTION = "schema.reflection";
    public static final String RECORD_CLASS = "avro.record.class";
    public static final String BASIC_AUTH_SOURCE = "basic.auth.credentials.source";
    public static final String BASIC_AUTH_USER_INFO = "basic.auth.user.info";
    public static final String BEARER_AUTH_SOURCE = "bearer.auth.credentials.source";
    public static final String BEARER_AUTH_TOKEN = "bearer.auth.token";
    public static final String CONNECT_TIMEOUT_MS = "http.connect.timeout.ms";
    public static final String READ_TIMEOUT_MS = "http.read.timeout.ms";
    public static final String MAX_RETRIES = "max.retries";
    public static final String RETRIES_WAIT_MS = "retries.wait.ms";
    public static final String MAX_CACHED_SCHEMAS = "max.cached.schemas";
    public static final String SCHEMAS_TOPIC = "schemas.topic";

    /** What may stand before every option, as {@code schema.registry.basic.auth.user.info}. */
    static final String CLIENT_PREFIX = "schema.registry.";

    /** What stands before Kafka's own TLS options. */
    static final String SSL_PREFIX = "schema.registry.ssl.";

    /** Names, types, defaults and documentation. */
    public static final ConfigDef DEFINITION = new ConfigDef()
            .define(
                    URL,
                    Type.LIST,
                    List.of(),
                    Importance.HIGH,
                    "URLs of one schema registry, separated by commas, tried in turn. Without any, records carry the"
                            + " fingerprint of their schema and no registry is needed.")
            .define(
                    AUTO_REGISTER,
                    Type.BOOLEAN,
                    true,
                    Importance.MEDIUM,
                    "Whether a schema that is new to the registry is registered, or refused.")
            .define(
                    USE_LATEST_VERSION,
                    Type.BOOLEAN,
                    false,
                    Importance.LOW,
                    "Whether to write in the newest schema of the subject instead of the record's own.")
            .define(
                    LATEST_TTL_SECONDS,
                    Type.LONG,
                    60L,
                    Range.atLeast(0),
                    Importance.LOW,
                    "How many seconds the newest version of a subject is believed.")
            .define(
                    NORMALIZE,
                    Type.BOOLEAN,
                    false,
                    Importance.LOW,
                    "Whether the registry ignores insignificant differences when it compares schemas.")
            .define(
                    KEY_SUBJECTS,
                    Type.STRING,
                    "topic",
                    Importance.MEDIUM,
                    "Subject of the schemas of keys: topic, record or topic-record, or the class names known for them.")
            .define(
                    VALUE_SUBJECTS,
                    Type.STRING,
                    "topic",
                    Importance.MEDIUM,
                    "Subject of the schemas of values: topic, record or topic-record, or the class names known for them.")
            .define(
                    SPECIFIC_READER,
                    Type.BOOLEAN,
                    false,
                    Importance.MEDIUM,
                    "Whether to read into the generated class named like the writer's schema, if there is one.")
            .define(
                    REFLECTION,
                    Type.BOOLEAN,
                    false,
                    Importance.LOW,
                    "Whether avro.record.class is any class, read and written by reflection.")
            .define(
                    RECORD_CLASS,
                    Type.CLASS,
                    null,
                    Importance.MEDIUM,
                    "The class to read and write: a generated one, or any with schema.reflection.")
            .define(
                    BASIC_AUTH_SOURCE,
                    Type.STRING,
                    "URL",
                    ValidString.in("URL", "USER_INFO"),
                    Importance.MEDIUM,
                    "Where user and password are: in the URL, or in basic.auth.user.info.")
            .define(BASIC_AUTH_USER_INFO, Type.PASSWORD, null, Importance.MEDIUM, "User and password as user:password.")
            .define(
                    BEARER_AUTH_SOURCE,
                    Type.STRING,
                    "STATIC_TOKEN",
                    ValidString.in("STATIC_TOKEN"),
                    Importance.LOW,
                    "Where the bearer token comes from.")
            .define(BEARER_AUTH_TOKEN, Type.PASSWORD, null, Importance.MEDIUM, "The bearer token.")
            .define(
                    CONNECT_TIMEOUT_MS,
                    Type.INT,
                    5_000,
                    Range.atLeast(1),
                    Importance.LOW,
                    "How many milliseconds to wait for a connection to the registry.")
            .define(
                    READ_TIMEOUT_MS,
                    Type.INT,
                    10_000,
                    Range.atLeast(1),
                    Importance.LOW,
                    "How many milliseconds to wait for an answer of the registry, per attempt.")
            .define(
                    MAX_RETRIES,
                    Type.INT,
                    3,
                    Range.atLeast(0),
                    Importance.LOW,
                    "How often to try all URLs again when none has answered.")
            .define(
                    RETRIES_WAIT_MS,
                    Type.INT,
                    200,
                    Range.atLeast(1),
                    Importance.LOW,
                    "Milliseconds before the first retry; the pause doubles each time, up to ten seconds.")
            .define(
                    MAX_CACHED_SCHEMAS,
                    Type.INT,
                    SchemaRegistryClient.DEFAULT_MAX_CACHED_SCHEMAS,
                    Range.atLeast(1),
                    Importance.LOW,
                    "How many schemas to keep in each direction, in each thread and in the client of the registry.")
            .define(
                    SCHEMAS_TOPIC,
                    Type.STRING,
                    null,
                    Importance.MEDIUM,
                    "Without a registry: a compacted topic, forebay-schemas say, through which programs share schemas.");

    /**
     * Checks a configuration.
     *
     * @throws org.apache.kafka.common.config.ConfigException if an option is wrong; names it and its value
     */
    public AvroSerdeConfig(Map<String, ?> configs) {
        super(DEFINITION, withoutPrefixes(configs), false);
    }

    /** Confluent's client takes its options with and without this prefix. */
    private static Map<String, Object> withoutPrefixes(Map<String, ?> configs) {
        Map<String, Object> plain = new HashMap<>(configs);
        for (String name : DEFINITION.names()) {
            Object prefixed = configs.get(CLIENT_PREFIX + name);
            if (prefixed != null) {
                Object before = plain.put(name, prefixed);
                if (before != null && !before.equals(prefixed)) { // values may be secret
                    throw new ConfigException(
                            name + " and " + CLIENT_PREFIX + name + " are both given, and not the same");
                }
            }
        }
        return plain;
    }
}
