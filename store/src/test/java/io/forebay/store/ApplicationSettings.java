package io.forebay.store;

import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;

/**
 * How a {@link StoreApplication} runs.
 *
 * @param eviction what its store lets go
 * @param logged whether its store has a changelog
 * @param standbys how many standby replicas there are to be; if it is the only instance, negative
 */
record ApplicationSettings(
        String bootstrapServers,
        String topic,
        String guarantee,
        Path stateDir,
        Eviction eviction,
        boolean logged,
        int standbys) {

    private static final int ALONE = -1;
    private static final Eviction NOTHING = new Eviction(null, Long.MAX_VALUE);

    /** The only instance of an application, with a changelog. */
    static ApplicationSettings of(String bootstrapServers, String topic, String guarantee, Path stateDir) {
        return new ApplicationSettings(bootstrapServers, topic, guarantee, stateDir, NOTHING, true, ALONE);
    }

    ApplicationSettings eviction(Eviction newEviction) {
        return new ApplicationSettings(bootstrapServers, topic, guarantee, stateDir, newEviction, logged, standbys);
    }

    ApplicationSettings unlogged() {
        return new ApplicationSettings(bootstrapServers, topic, guarantee, stateDir, eviction, false, standbys);
    }

    /** One of several instances. */
    ApplicationSettings standbys(int replicas) {
        return new ApplicationSettings(bootstrapServers, topic, guarantee, stateDir, eviction, logged, replicas);
    }

    ApplicationSettings stateDir(Path newStateDir) {
        return new ApplicationSettings(bootstrapServers, topic, guarantee, newStateDir, eviction, logged, standbys);
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
                Long.toString(eviction.retentionNanos()),
                Long.toString(eviction.maxEvents()),
                Boolean.toString(logged),
                Integer.toString(standbys));
    }

    static ApplicationSettings of(String... arguments) {
        return new ApplicationSettings(
                arguments[0],
                arguments[1],
                arguments[2],
                Path.of(arguments[3]),
                new Eviction(Long.parseLong(arguments[4]), Long.parseLong(arguments[5])),
                Boolean.parseBoolean(arguments[6]),
                Integer.parseInt(arguments[7]));
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
