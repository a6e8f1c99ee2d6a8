package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.forebay.testing.KafkaFixture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.query.PositionBound;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rocksdb.Env;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileManager;

/** The disk is full: the task fails and says why; with space again, everything is there, record by record. */
class DiskFullIT {

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.shared();

    private static final int EVENTS = 20_000;
    private static final int BATCH = 500;
    private static final int FEW = 10;
    private static final EventQuery<Sample> ALL = EventQuery.<Sample>all().limit(Integer.MAX_VALUE);

    private final Random random = new Random(42); // only the size of the events matters
    private final SampleModel model = new SampleModel();
    private final String topic = kafka.createTopic(kafka.uniqueName("full"), 1);
    private final Path stateDir = Path.of("target", "state", kafka.uniqueName("full"));
    private int produced;

    /** RocksDB's own limit, which fails its writes as a full disk does. */
    @ParameterizedTest
    @ValueSource(strings = {StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE})
    void losesNothingWhenTablesDoNotFit(String guarantee) {
        failThenRecover(guarantee, builder -> builder.tune(DiskFullIT::limitTables), "Max allowed space", () -> {});
    }

    /** A file system that is full, so that write-ahead log, tables and everything else fail. */
    @ParameterizedTest
    @ValueSource(strings = {StreamsConfig.EXACTLY_ONCE_V2, StreamsConfig.AT_LEAST_ONCE})
    void losesNothingWhenTheFileSystemIsFull(String guarantee) throws Exception {
        Files.createDirectories(stateDir);
        String directory = stateDir.toAbsolutePath().toString();
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", directory),
                "a tmpfs cannot be mounted here (it takes root on Linux), so there is no disk to fill");
        try {
            failThenRecover(
                    guarantee,
                    UnaryOperator.identity(),
                    "No space left",
                    () -> assertThat(run("mount", "-o", "remount,size=200m", directory))
                            .isTrue());
        } finally {
            run("umount", directory);
        }
    }

    private void failThenRecover(
            String guarantee, UnaryOperator<EventStoreBuilder<Sample>> limit, String reason, Runnable makeSpace) {
        try (StoreApplication app = start(guarantee, limit)) {
            while (produced < EVENTS) {
                produce(BATCH);
            }
            // A write that fails in the background fails the commit after it, for which there has to be something.
            assertThat(app.awaitFailure(() -> produce(FEW)))
                    .isInstanceOf(ProcessorStateException.class)
                    .isNotInstanceOf(CorruptedStoreException.class)
                    .hasMessageContainingAll(StoreApplication.STORE, reason);
        }
        makeSpace.run();
        try (StoreApplication app = start(guarantee, UnaryOperator.identity())) {
            app.awaitEvents(produced);
            for (EventQuery<Sample> query : List.of(ALL, ALL.order(Order.DESC), ALL.equal("process", "p3"))) {
                assertThat(app.query(query, PositionBound.unbounded()))
                        .as("%s", query)
                        .isEqualTo(model.query(query));
            }
        }
    }

    private static void limitTables(RocksOptions options) {
        options.tables().forEach(table -> table.setWriteBufferSize(64 << 10));
        try {
            SstFileManager limit = options.own(new SstFileManager(Env.getDefault()));
            limit.setMaxAllowedSpaceUsage(1 << 20);
            options.database().setSstFileManager(limit);
        } catch (RocksDBException e) {
            throw new IllegalStateException(e);
        }
    }

    private StoreApplication start(String guarantee, UnaryOperator<EventStoreBuilder<Sample>> change) {
        return StoreApplication.start(kafka.bootstrapServers(), topic, guarantee, stateDir, change);
    }

    private void produce(int count) {
        List<Sample> samples = IntStream.range(produced, produced + count)
                .mapToObj(i -> new Sample(
                        "id" + i, i * 1_000L, "p" + i % 7, "m" + i % 3, text(), List.of("t" + i % 4), (long) i % 11))
                .toList();
        samples.forEach(model::put);
        produced += count;
        kafka.produce(samples.stream()
                .map(sample -> new ProducerRecord<>(
                        topic,
                        sample.id().getBytes(StandardCharsets.UTF_8),
                        Sample.serde().serializer().serialize(topic, sample)))
                .toList());
    }

    /** 300 characters that hardly compress. */
    private String text() {
        return random.ints(300, 'a', 'z').mapToObj(Character::toString).reduce("", String::concat);
    }

    private static boolean run(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false; // there is no such command
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
