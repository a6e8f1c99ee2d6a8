package io.forebay.examples.demo;

import io.forebay.examples.cli.DataDir;
import io.forebay.examples.jfr.JvmAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code forebay demo}. */
final class DemoOptions {

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Where everything is kept between runs (default: " + DataDir.DEFAULT + ").")
    Path dataDir = Path.of(DataDir.DEFAULT);

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port of the web page and the REST interface (default: ${DEFAULT-VALUE}; 0: any).")
    int port = 8470;

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT,…",
            description = "Work with this Kafka cluster instead of an embedded broker.")
    @Nullable
    String bootstrapServers;

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            description = "Port of the embedded broker (default: any; it stands in run.json).")
    int kafkaPort;

    @Option(names = "--topic", paramLabel = "NAME", description = "Topic of the events (default: ${DEFAULT-VALUE}).")
    String topic = "forebay-events";

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Partitions of the topic, if it is new (default: ${DEFAULT-VALUE}).")
    int partitions = 4;

    @Option(
            names = "--application-id",
            paramLabel = "NAME",
            description = "Id of the Kafka Streams application, its consumer group (default: ${DEFAULT-VALUE}).")
    String applicationId = "forebay-demo";

    @Option(
            names = "--schema-registry",
            paramLabel = "URL|embedded",
            description = {
                "Write events with the schema ids of this registry (Confluent's wire format);",
                "'embedded' starts Apicurio Registry (default: no registry, schemas travel by fingerprint)."
            })
    @Nullable
    String schemaRegistry;

    @Option(
            names = "--attach",
            paramLabel = "HOST:JMXPORT",
            converter = AttachArgument.class,
            description = "Observe another JVM, over JMX, instead of this one.")
    @Nullable
    JvmAddress attach;

    @Option(
            names = "--capture-plan",
            paramLabel = "NAME",
            description = {
                "The plan that says which events are captured (default: ${DEFAULT-VALUE});",
                "'forebay plan' shows and changes it."
            })
    String capturePlan = "demo";

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            converter = DurationArgument.class,
            description = "Stop after this time, such as 30s or 5m (default: run until Ctrl-C).")
    @Nullable
    Duration runFor;
}
