package io.forebay.processor.faults;

import static org.apache.kafka.streams.CloseOptions.GroupMembershipOperation.LEAVE_GROUP;
import static org.apache.kafka.streams.CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP;

import java.io.IOException;
import java.time.Duration;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.awaitility.Awaitility;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Kafka Streams application with some {@linkplain Step steps} side by side behind one topic. A thread that fails is replaced. */
final class StepsApplication implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(StepsApplication.class);

    static final String RUNNING = "running";
    static final Duration PATIENCE = Duration.ofSeconds(90);

    private final KafkaStreams streams;
    private final ExternalTarget target;

    private StepsApplication(FaultSettings settings) {
        target = new ExternalTarget(settings);
        StreamsBuilder builder = new StreamsBuilder();
        KStream<String, String> input =
                builder.stream(settings.topic(), Consumed.with(Serdes.String(), Serdes.String()));
        for (Step step : settings.steps()) {
            step.add(input, settings, target)
                    .to(settings.output(step), Produced.with(Serdes.String(), Serdes.String()));
        }
        streams = new KafkaStreams(builder.build(), settings.toProperties());
        streams.setUncaughtExceptionHandler(exception -> StreamThreadExceptionResponse.REPLACE_THREAD);
    }

    static StepsApplication start(FaultSettings settings) {
        StepsApplication application = new StepsApplication(settings);
        application.streams.start();
        Awaitility.await("running")
                .atMost(PATIENCE)
                .until(() -> application.streams.state() == KafkaStreams.State.RUNNING);
        return application;
    }

    /** Runs until it is killed, or told to stop by the end of its standard input; then ends, even if it cannot be closed. */
    public static void main(String[] args) {
        int exitCode = 1;
        try {
            run(FaultSettings.of(args));
            exitCode = 0;
        } catch (IOException | RuntimeException | AssertionError e) {
            log.error("The application failed", e);
        } finally {
            Runtime.getRuntime().halt(exitCode); // a broker that has gone keeps threads of Kafka Streams alive
        }
    }

    private static void run(FaultSettings settings) throws IOException {
        try (StepsApplication application = start(settings)) {
            System.out.println(RUNNING);
            while (System.in.read() >= 0) {
                // nothing is said to it but the end
            }
        }
    }

    /** Waits until it processes at least so many partitions. */
    void awaitActiveTasks(int count) {
        Awaitility.await(count + " active tasks").atMost(PATIENCE).until(() -> activeTasks() >= count);
    }

    private long activeTasks() {
        return streams.metadataForLocalThreads().stream()
                .mapToLong(thread -> thread.activeTasks().size())
                .sum();
    }

    /** Closes it so that others take over at once. */
    void leave() {
        close(LEAVE_GROUP);
    }

    @Override
    public void close() {
        close(REMAIN_IN_GROUP);
    }

    private void close(GroupMembershipOperation operation) {
        boolean closed =
                streams.close(CloseOptions.groupMembershipOperation(operation).withTimeout(PATIENCE));
        target.close();
        if (!closed) {
            throw new AssertionError("the application did not close within " + PATIENCE);
        }
    }
}
