package io.forebay.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** The broker behind {@link KafkaFixture}: started by the first use, of the kind that {@code forebay.test.kafka} names. */
final class SharedBroker {

    static final String KIND_PROPERTY = "forebay.test.kafka";
    static final String DIRECTORY_PROPERTY = "forebay.test.directory";
    static final String NO_DOCKER = "Docker is not available: tests with " + KIND_PROPERTY + "=container are skipped";

    private @Nullable Broker broker;
    private @Nullable BrokerClients clients;

    /** Aborts the calling test where containers are wanted and Docker is missing. */
    void assumeAvailable() {
        if (Kind.wanted() == Kind.CONTAINER) {
            Assumptions.assumeTrue(containersAvailable(), NO_DOCKER);
        }
    }

    synchronized String bootstrapServers() {
        if (broker == null) {
            assumeAvailable();
            broker = Kind.wanted() == Kind.CONTAINER ? ContainerKafka.start() : TemporaryKafka.start();
        }
        return broker.bootstrapServers();
    }

    synchronized BrokerClients clients() {
        if (clients == null) {
            clients = new BrokerClients(bootstrapServers());
        }
        return clients;
    }

    synchronized void close() {
        if (clients != null) {
            clients.close();
            clients = null;
        }
        if (broker != null) {
            broker.close();
            broker = null;
        }
    }

    private static boolean containersAvailable() {
        try {
            return ContainerKafka.isAvailable();
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException(
                    KIND_PROPERTY + "=container needs org.testcontainers:testcontainers-kafka on the test class path",
                    e);
        }
    }

    /** Where the broker runs. */
    enum Kind {
        EMBEDDED,
        CONTAINER;

        static Kind wanted() {
            String value = System.getProperty(KIND_PROPERTY, "");
            return switch (value) {
                case "", "embedded" -> EMBEDDED;
                case "container" -> CONTAINER;
                default ->
                    throw new IllegalArgumentException(
                            KIND_PROPERTY + "=" + value + ": expected 'embedded' (the default) or 'container'");
            };
        }
    }

    /** An embedded broker whose directory goes with it. */
    private record TemporaryKafka(EmbeddedKafka kafka) implements Broker {

        static TemporaryKafka start() {
            Path parent =
                    Path.of(System.getProperty(DIRECTORY_PROPERTY, "target")).toAbsolutePath();
            try {
                Files.createDirectories(parent);
                return new TemporaryKafka(EmbeddedKafka.start(Files.createTempDirectory(parent, "kafka-"), 0));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot create a directory for the broker under " + parent, e);
            }
        }

        @Override
        public String bootstrapServers() {
            return kafka.bootstrapServers();
        }

        @Override
        public void close() {
            kafka.close();
            try (Stream<Path> tree = Files.walk(kafka.directory())) {
                List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
                for (Path path : deepestFirst) {
                    Files.delete(path);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot remove " + kafka.directory(), e);
            }
        }
    }
}
