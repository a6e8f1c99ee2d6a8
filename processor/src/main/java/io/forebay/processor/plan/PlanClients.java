package io.forebay.processor.plan;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes the Kafka clients of a topic of plans: connected as the application says, and otherwise as the protocol needs. */
final class PlanClients {

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    /** What of the application's settings is about the connection, and so about these clients, too. */
    private static final Set<String> CONNECTION = Set.of(
            "bootstrap.servers",
            "client.dns.lookup",
            "security.protocol",
            "security.providers",
            "socket.connection.setup.timeout.ms",
            "socket.connection.setup.timeout.max.ms",
            "reconnect.backoff.ms",
            "reconnect.backoff.max.ms",
            "retry.backoff.ms",
            "retry.backoff.max.ms");

    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    private final String topic;
    private final Map<String, Object> connection = new HashMap<>();
    private final Duration timeout;

    PlanClients(String topic, Map<String, ?> configs) {
        if (!TOPIC.matcher(topic).matches() || topic.matches("\\.{1,2}")) {
            throw new IllegalArgumentException(
                    "topic=\"" + topic
                            + "\" is no name of a topic: expected 1 to 249 letters, digits, '.', '_' or '-', and not only dots");
        }
        if (configs.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG) == null) {
            throw new IllegalArgumentException("topic " + topic + " of capture plans needs bootstrap.servers");
        }
        this.topic = topic;
        configs.forEach((name, value) -> {
            if (CONNECTION.contains(name) || name.startsWith("ssl.") || name.startsWith("sasl.")) {
                connection.put(name, value);
            }
        });
        Object millis = configs.get(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG);
        timeout = millis == null ? DEFAULT_TIMEOUT : Duration.ofMillis(Long.parseLong(millis.toString()));
    }

    String topic() {
        return topic;
    }

    /** How long one change, or one look at the cluster, may take. */
    Duration timeout() {
        return timeout;
    }

    /** Sees only what is committed; belongs to no group. */
    KafkaConsumer<byte[], byte[]> consumer() {
        Map<String, Object> config = config();
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis());
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false); // it would not be compacted
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Its transactional id is that of every writer to this topic, so that the newest fences all others. */
    KafkaProducer<byte[], byte[]> producer() {
        Map<String, Object> config = config();
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, topic + "-writer");
        config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, millis());
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis());
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis());
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    Admin admin() {
        Map<String, Object> config = config();
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis());
        return Admin.create(config);
    }

    private Map<String, Object> config() {
        Map<String, Object> config = new HashMap<>(connection);
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis());
        return config;
    }

    private int millis() {
        return (int) Math.min(Integer.MAX_VALUE, timeout.toMillis());
    }
}
