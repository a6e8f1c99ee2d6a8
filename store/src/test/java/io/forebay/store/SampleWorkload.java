package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.store.EventDatabase.Table;
import io.forebay.testing.KafkaFixture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.rocksdb.RocksIterator;

/** Random changes for an application, and what store, indexes and changelog have to be once it has processed them. */
final class SampleWorkload {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int BATCH = 100; // small, so that little is on its way at any moment

    private final KafkaFixture kafka;
    private final ApplicationSettings settings;
    private final Random random;
    private final long seed;
    private final SampleModel model = new SampleModel();
    private int nextId;
    private long produced;

    SampleWorkload(KafkaFixture kafka, ApplicationSettings settings, long seed) {
        this.kafka = kafka;
        this.settings = settings;
        this.seed = seed;
        this.random = new Random(seed);
    }

    /** Produces events that there have not been before. */
    void produceNew(int count) {
        produce(IntStream.range(0, count).mapToObj(i -> newEvent()).toList());
    }

    /** Mostly new events, some replacements that move in time and between indexes, some deletes. */
    void produceChanges() {
        produce(IntStream.range(0, BATCH).mapToObj(i -> change()).toList());
    }

    private Sample change() {
        int kind = random.nextInt(10);
        if (kind < 7) {
            return newEvent();
        }
        String id = "id" + random.nextInt(nextId);
        return kind < 9 ? event(id) : Sample.of(id, 0).withProcess(StoreApplication.DELETE);
    }

    private Sample newEvent() {
        return event("id" + nextId++);
    }

    private Sample event(String id) {
        return new Sample(
                id,
                random.nextInt(1_000_000),
                "p" + random.nextInt(5),
                "m" + random.nextInt(3),
                "f" + random.nextInt(3),
                List.of("t" + random.nextInt(4)),
                (long) random.nextInt(10));
    }

    void produce(List<Sample> samples) {
        kafka.produce(samples.stream()
                .map(sample -> new ProducerRecord<>(
                        settings.topic(),
                        sample.id().getBytes(StandardCharsets.UTF_8),
                        Sample.serde().serializer().serialize(settings.topic(), sample)))
                .toList());
        produced += samples.size();
        for (Sample sample : samples) {
            if (StoreApplication.DELETE.equals(sample.process())) {
                model.delete(sample.id());
            } else {
                model.put(sample);
            }
        }
    }

    /** Everything produced so far, if there is one partition, as a bound. */
    PositionBound produced() {
        return PositionBound.at(Position.emptyPosition().withComponent(settings.topic(), 0, produced - 1));
    }

    /** How many events there should be. */
    int events() {
        return model.samples().size();
    }

    /** Produces changes until it is over, which it has to be soon. */
    void produceWhile(BooleanSupplier goingOn) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (goingOn.getAsBoolean()) {
            requireBefore(deadline, "still going on");
            produceChanges();
        }
    }

    void awaitProcessed() {
        awaitProcessed(() -> true);
    }

    /** Waits until everything produced is processed and committed, or whoever should do that is gone. */
    void awaitProcessed(BooleanSupplier alive) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (alive.getAsBoolean() && kafka.lag(settings.topic(), settings.applicationId()) > 0) {
            requireBefore(deadline, "records still unprocessed");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private void requireBefore(long deadline, String what) {
        assertThat(System.nanoTime() - deadline)
                .as("%s after %d s, seed %d", what, TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS), seed)
                .isNegative();
    }

    /** An application with one partition answers as the model does. */
    void assertHolds(StoreApplication app) {
        assertHolds(app, PositionBound.unbounded());
    }

    void assertHolds(StoreApplication app, PositionBound bound) {
        assertThat(app.stats().total()).as("seed %d", seed).isEqualTo(events());
        for (EventQuery<Sample> query : queries()) {
            assertThat(app.query(query, bound)).as("seed %d, %s", seed, query).isEqualTo(model.query(query));
        }
    }

    /** An application that has all partitions answers as the model does, each partition on its own. */
    void assertPartitionsHold(StoreApplication app) {
        assertThat(app.stats().total()).as("seed %d", seed).isEqualTo(events());
        for (EventQuery<Sample> query : queries()) {
            assertThat(app.query(query, PositionBound.unbounded()))
                    .as("seed %d, %s", seed, query)
                    .containsExactlyInAnyOrderElementsOf(model.query(query));
        }
    }

    private static List<EventQuery<Sample>> queries() {
        EventQuery<Sample> all = EventQuery.<Sample>all().limit(Integer.MAX_VALUE);
        return List.of(
                all,
                all.order(Order.DESC),
                all.equal("process", "p1"),
                all.equal("function", "m1"),
                all.equal("function", "m1", "f1").order(Order.DESC),
                all.equal("tag", "t1"),
                all.equal("size", 3L));
    }

    /** What a new instance would restore is what the model has. */
    void assertChangelogHolds() {
        assertThat(HeldSamples.of(changelog()).samples())
                .as("changelog, seed %d", seed)
                .isEqualTo(model.samples());
    }

    /** The committed records of the changelog. */
    List<ConsumerRecord<byte[], byte[]>> changelog() {
        return kafka.consumeAll(settings.applicationId() + "-" + StoreApplication.STORE + "-changelog");
    }

    /**
     * The database that a dead application of one partition has left behind is what the committed records of its changelog
     * say, up to the offset that it claims.
     */
    void assertDiskAgreesWithChangelog() {
        Path store = settings.stateDir()
                .resolve(Path.of(settings.applicationId(), "0_0", "forebay", StoreApplication.STORE));
        try (EventDatabase database = EventDatabase.open(store.toFile())) {
            Long offset = StoreMeta.open(database).offset();
            List<ConsumerRecord<byte[], byte[]>> upToOffset = changelog().stream()
                    .filter(record -> offset != null && record.offset() <= offset)
                    .toList();
            assertThat(stored(database))
                    .as("on disk at offset %s, seed %d", offset, seed)
                    .isEqualTo(HeldSamples.of(upToOffset).samples());
        }
    }

    private static Map<String, Sample> stored(EventDatabase database) {
        Map<String, Sample> samples = new HashMap<>();
        try (DatabaseSnapshot snapshot = database.snapshot()) {
            RocksIterator rows = snapshot.iterator(Table.EVENTS);
            for (rows.seekToFirst(); rows.isValid(); rows.next()) {
                byte[] event = Arrays.copyOfRange(rows.value(), 1, rows.value().length);
                Sample sample = Sample.serde().deserializer().deserialize("disk", event);
                samples.put(sample.id(), sample);
            }
        }
        return samples;
    }
}
