package io.forebay.testing;

import io.forebay.testing.KafkaStartException.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A real Kafka broker in this JVM: one KRaft node, broker and controller in one, listening on 127.0.0.1 only.
 *
 * <p>Its directory is formatted at the first start; topics, records and committed offsets are there again at the next one.
 * The first start in a JVM takes one to four seconds, mostly class loading; later ones some tenths of a second. A broker
 * that was killed completes the transactions that had been decided.
 *
 * <pre>{@code
 * try (EmbeddedKafka kafka = EmbeddedKafka.start(Path.of("data/kafka"), 0)) {
 *     properties.put("bootstrap.servers", kafka.bootstrapServers());
 * }
 * }</pre>
 *
 * <p>Topics are not created by first use. Close clients before the broker, or they log that it has gone.
 *
 * <p>Thread-safe. Kafka's exit procedures ({@code org.apache.kafka.common.utils.Exit}) are replaced for the whole JVM, so
 * that a broker's fatal fault is logged instead of halting the JVM.
 */
public final class EmbeddedKafka implements AutoCloseable {

    /** Attempts to find free ports: between looking for one and binding it, another program may take it. */
    private static final int PORT_ATTEMPTS = 5;

    private final BrokerNode node;
    private final Path directory;
    private final int port;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedKafka(BrokerNode node, Path directory, int port) {
        this.node = node;
        this.directory = directory;
        this.port = port;
    }

    /**
     * Starts a broker and waits until it answers.
     *
     * @param directory the broker's own directory, created if it is missing; must be empty or an earlier broker's
     * @param port where to listen on 127.0.0.1; 0 = any free port
     * @throws KafkaStartException if it cannot start; the exception tells why
     */
    public static EmbeddedKafka start(Path directory, int port) {
        return builder(directory).port(port).start();
    }

    /** A broker with settings of its own. */
    public static Builder builder(Path directory) {
        return new Builder(directory);
    }

    /** {@code host:port}, for {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return Ports.HOST + ":" + port;
    }

    /** The port the broker listens on. */
    public int port() {
        return port;
    }

    /** Where the data is, as an absolute path. */
    public Path directory() {
        return directory;
    }

    /** Shuts the broker down in order and waits for it: some tenths of a second. Further calls do nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            node.shutdown();
        }
    }

    /** Collects what differs from the defaults. Not thread-safe. */
    public static final class Builder {

        private final Path directory;
        private final Map<String, String> overrides = new HashMap<>();
        private int port;
        private Duration startTimeout = Duration.ofSeconds(60);

        private Builder(Path directory) {
            this.directory = directory;
        }

        /** Where to listen on 127.0.0.1; 0 (the default) = any free port. */
        public Builder port(int port) {
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("port=" + port + ": expected 0 (any free port) to 65535");
            }
            this.port = port;
            return this;
        }

        /** A broker setting, as in {@code server.properties}. Ports, directories and the node id are not settable here. */
        public Builder property(String name, String value) {
            if (BrokerProperties.RESERVED.contains(name)) {
                throw new IllegalArgumentException("property " + name + " is set by the embedded broker itself");
            }
            overrides.put(name, value);
            return this;
        }

        /** How long a start may take before it is given up; 60 s unless set. */
        public Builder startTimeout(Duration startTimeout) {
            if (startTimeout.isNegative() || startTimeout.isZero()) {
                throw new IllegalArgumentException("startTimeout=" + startTimeout + ": expected more than zero");
            }
            this.startTimeout = startTimeout;
            return this;
        }

        /**
         * Starts the broker and waits until it answers.
         *
         * @throws KafkaStartException if it cannot start; the exception tells why
         */
        public EmbeddedKafka start() {
            BrokerDirectory brokerDirectory = BrokerDirectory.open(directory);
            for (int attempt = 1; ; attempt++) {
                try {
                    return startOnce(brokerDirectory);
                } catch (KafkaStartException e) {
                    if (port != 0 || e.reason() != Reason.PORT_IN_USE || attempt == PORT_ATTEMPTS) {
                        throw e;
                    }
                }
            }
        }

        private EmbeddedKafka startOnce(BrokerDirectory brokerDirectory) {
            if (port != 0) {
                Ports.requireFree(port);
            }
            int brokerPort = port == 0 ? Ports.free() : port;
            Map<String, Object> properties =
                    BrokerProperties.of(brokerDirectory.logDir(), brokerPort, controllerPort(brokerPort), overrides);
            brokerDirectory.prepare(properties);
            BrokerNode node = new BrokerStartup(properties, brokerDirectory, startTimeout).run();
            return new EmbeddedKafka(node, brokerDirectory.root(), brokerPort);
        }

        private static int controllerPort(int brokerPort) {
            int candidate = Ports.free();
            return candidate == brokerPort ? controllerPort(brokerPort) : candidate;
        }
    }
}
