package io.forebay.store;

import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;

/**
 * How a {@link StoreApplication} runs.
 *
 * @param logged whether its store has a changelog
 * @param standbys how many standby replicas there are to be; if it is the only instance, negative
 */
record ApplicationSettings(
        String bootstrapServers, String topic, String guarantee, Path stateDir, boolean logged, int standbys) {

    private static final int ALONE = -1;

    /** The only instance of an application, with a changelog. */
    static ApplicationSettings of(String bootstrapServers, String topic, String guarantee, Path stateDir) {
        return new ApplicationSettings(bootstrapServers, topic, guarantee, stateDir, true, ALONE);
    }

    ApplicationSettings unlogged() {
        return new ApplicationSettings(bootstrapServers, topic, guarantee, stateDir, false, standbys);
    }

    /** One of several instances. */
    ApplicationSettings standbys(int replicas) {
        return new ApplicationSettings(bootstrapServers, topic, guarantee, stateDir, logged, replicas);
    }

    ApplicationSettings stateDir(Path newStateDir) {
        return new ApplicationSettings(bootstrapServers, topic, guarantee, newStateDir, logged, standbys);
    }

    String applicationId() {
        return "app-" + topic;
    }

    List<String> arguments() {
        return List.of(
                bootstrapServers,
                topic,
                guarantee,
                stateDir.toString(),
                Boolean.toString(logged),
                Integer.toString(standbys));
    }

    static ApplicationSettings of(String... arguments) {
        return new ApplicationSettings(
                arguments[0],
                arguments[1],
                arguments[2],
                Path.of(arguments[3]),
                Boolean.parseBoolean(arguments[4]),
                Integer.parseInt(arguments[5]));
    }

    Properties toProperties() {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId());
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee);
        config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
        config.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
        if (standbys == ALONE) {
            // A static member that comes back takes its place at once, instead of waiting for its former self to time
            // out.
            config.put(StreamsConfig.consumerPrefix("group.instance.id"), "only");
        } else {
            config.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, standbys);
            if (standbys == 0) {
                // Tasks move at once, however much there is to restore.
                config.put(StreamsConfig.ACCEPTABLE_RECOVERY_LAG_CONFIG, Long.MAX_VALUE);
            }
            config.put(StreamsConfig.consumerPrefix("session.timeout.ms"), 6_000);
            config.put(StreamsConfig.consumerPrefix("heartbeat.interval.ms"), 1_000);
            config.put(StreamsConfig.producerPrefix("transaction.timeout.ms"), 3_000);
        }
        return config;
    }
}
