package io.forebay.examples.cli;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a running instance tells the other verbs: the content of {@code run.json}.
 *
 * @param pid its process id
 * @param startedAt when this file was written
 * @param bootstrapServers the Kafka cluster it works with
 * @param url where its HTTP server listens
 * @param dataDir its data directory, absolute
 * @param topic the topic its events are in
 * @param schemaRegistry the schema registry that the events' schemas are in, or null where they need none
 */
public record RunInfo(
        long pid,
        Instant startedAt,
        String bootstrapServers,
        String url,
        String dataDir,
        String topic,
        @Nullable String schemaRegistry) {

    /** Process start times have a resolution of some 10 ms, and clocks are adjusted. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(5);

    /** Whether the process that wrote this is still there, and not another one that has got its id since. */
    @JsonIgnore
    public boolean isAlive() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> process.info()
                        .startInstant()
                        .map(start -> start.isBefore(startedAt.plus(CLOCK_TOLERANCE)))
                        .orElse(true))
                .isPresent();
    }
}
