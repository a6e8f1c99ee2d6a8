package io.forebay.processor.faults;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.streams.StreamsConfig;

/**
 * How a {@link StepsApplication} runs.
 *
 * @param topic the input; the outputs, and the application, are named after it
 * @param stateDir of this instance alone
 * @param target the file that stands for an external target, shared by all instances
 * @param mishaps whether that target fails and hangs at random
 * @param alone whether it is the only instance: a static member, which takes its place again at once when it comes back
 */
record FaultSettings(
        String bootstrapServers,
        String topic,
        String guarantee,
        Set<Step> steps,
        Path stateDir,
        Path target,
        boolean mishaps,
        boolean alone) {

    static FaultSettings of(String bootstrapServers, String topic, String guarantee, Set<Step> steps) {
        Path directory = Path.of("target", "faults", topic);
        return new FaultSettings(
                bootstrapServers,
                topic,
                guarantee,
                steps,
                directory.resolve("state"),
                directory.resolve("external"),
                false,
                true);
    }

    /** One of several instances. */
    FaultSettings instance(String name) {
        return new FaultSettings(
                bootstrapServers,
                topic,
                guarantee,
                steps,
                stateDir.resolveSibling("state-" + name),
                target,
                mishaps,
                false);
    }

    FaultSettings withMishaps() {
        return new FaultSettings(bootstrapServers, topic, guarantee, steps, stateDir, target, true, alone);
    }

    boolean exactlyOnce() {
        return guarantee.equals(StreamsConfig.EXACTLY_ONCE_V2);
    }

    String applicationId() {
        return "app-" + topic;
    }

    String output(Step step) {
        return topic + "-" + step.name();
    }

    List<String> arguments() {
        return List.of(
                bootstrapServers,
                topic,
                guarantee,
                steps.stream().map(Step::name).collect(Collectors.joining(",")),
                stateDir.toString(),
                target.toString(),
                Boolean.toString(mishaps),
                Boolean.toString(alone));
    }

    static FaultSettings of(String... arguments) {
        Set<Step> steps = Arrays.stream(arguments[3].split(","))
                .map(Step::valueOf)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Step.class)));
        return new FaultSettings(
                arguments[0],
                arguments[1],
                arguments[2],
                steps,
                Path.of(arguments[4]),
                Path.of(arguments[5]),
                Boolean.parseBoolean(arguments[6]),
                Boolean.parseBoolean(arguments[7]));
    }

    Properties toProperties() {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId());
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee);
        config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
        config.put(StreamsConfig.producerPrefix("transaction.timeout.ms"), 20_000);
        config.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
        if (alone) {
            config.put(StreamsConfig.consumerPrefix("group.instance.id"), "only");
        } else {
            // Tasks move at once, however much there is to restore.
            config.put(StreamsConfig.ACCEPTABLE_RECOVERY_LAG_CONFIG, Long.MAX_VALUE);
            config.put(StreamsConfig.consumerPrefix("session.timeout.ms"), 6_000);
            config.put(StreamsConfig.consumerPrefix("heartbeat.interval.ms"), 1_000);
        }
        return config;
    }
}
