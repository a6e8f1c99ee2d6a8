package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.store.CrashAt.Crash;
import io.forebay.store.CrashPoints.Moment;
import io.forebay.store.internal.streams.TaskContext;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.internals.ChangelogRecordDeserializationHelper;
import org.apache.kafka.streams.query.Position;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The life of a store as a random sequence: changes, commits that succeed and fail, crashes at every moment of the
 * protocol, restarts, lost disks, turns as a standby, other indexes. After each step it is compared with a plain model, and
 * whenever it is opened, what is on disk is compared with what its changelog offset says should be there.
 */
class EventStoreCrashModelTest {

    private static final int IDS = 25;

    @ParameterizedTest
    @CsvSource({
        StreamsConfig.EXACTLY_ONCE_V2 + ", true",
        StreamsConfig.AT_LEAST_ONCE + ", true",
        StreamsConfig.EXACTLY_ONCE_V2 + ", false",
        StreamsConfig.AT_LEAST_ONCE + ", false"
    })
    void remainsWhatTheModelIs(String guarantee, boolean logged) throws Exception {
        play(guarantee, logged, 4, 60);
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource({
        StreamsConfig.EXACTLY_ONCE_V2 + ", true",
        StreamsConfig.AT_LEAST_ONCE + ", true",
        StreamsConfig.EXACTLY_ONCE_V2 + ", false",
        StreamsConfig.AT_LEAST_ONCE + ", false"
    })
    void remainsWhatTheModelIsForLong(String guarantee, boolean logged) throws Exception {
        play(guarantee, logged, 500, 80);
    }

    private static void play(String guarantee, boolean logged, int lives, int steps) throws Exception {
        long seed = System.nanoTime();
        File directory =
                Path.of("target", "state", "model-" + Long.toString(seed, 36)).toFile();
        for (int i = 0; i < lives; i++) {
            try (Life life = new Life(seed + i, guarantee, logged, directory)) {
                life.live(steps);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + (seed + i) + ", " + guarantee + ", logged " + logged, e);
            } finally {
                Utils.delete(directory);
            }
        }
    }

    /** A change of one event, or without a sample its removal. */
    private record Change(String id, @Nullable Sample sample) {}

    /** One store, from its first opening to its last closing. One method for each thing that may happen to it. */
    private static final class Life implements AutoCloseable {

        private final long seed;
        private final Random random;
        private final boolean exactlyOnce;
        private final boolean logged;
        private final MemoryChangelog changelog = new MemoryChangelog();
        private final CrashAt crashAt = new CrashAt();
        private final StoreTask<RocksEventStore<Sample>> task;
        private final Map<String, Integer> versions = new HashMap<>();
        private final List<String> story = new ArrayList<>();
        private boolean allIndexes;

        /** What the store holds, what it held at the last commit, and, without a changelog, when it last wrote. */
        private SampleModel model = new SampleModel();

        private SampleModel committed = new SampleModel();
        private SampleModel committedBefore = committed;
        private SampleModel written = new SampleModel();
        private final List<Change> uncommitted = new ArrayList<>();

        /** The last input offset that is part of the last commit. */
        private long committedInput = StoreTask.NO_INPUT;

        /** The last input offset that was ever processed. */
        private long highestInput = StoreTask.NO_INPUT;

        Life(long seed, String guarantee, boolean logged, File directory) {
            this.seed = seed;
            this.random = new Random(seed);
            this.exactlyOnce = guarantee.equals(StreamsConfig.EXACTLY_ONCE_V2);
            this.logged = logged;
            this.task = new StoreTask<>(directory, guarantee, changelog);
        }

        void live(int steps) {
            reopen();
            try {
                for (int i = 0; i < steps; i++) {
                    step();
                    compare();
                }
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("after " + story, e);
            }
        }

        private void step() {
            switch (random.nextInt(24)) {
                case 0 -> told("commit that another task's failure repeats", this::commitAtSecondAttempt);
                case 1 -> told("commit that times out", this::commitThatTimesOut);
                case 2 -> told("crash", this::crash);
                case 3 -> told("clean restart", this::restart);
                case 4 -> told("dirty close", this::closeDirty);
                case 5 -> told("lost disk", this::loseDisk);
                case 6 -> told("corrupted", this::corrupt);
                case 7 -> told("standby", this::beStandby);
                case 8 -> told("suspended and resumed", this::suspendAndResume);
                case 9, 10, 11 -> told("crash at a moment", this::crashAtMoment);
                case 12, 13, 14, 15, 16 -> told("commit", this::commit);
                default -> told("changes", this::change);
            }
        }

        private void told(String what, Runnable happening) {
            story.add(what);
            happening.run();
        }

        // ---- what an application does

        private void change() {
            int changes = random.nextInt(8);
            for (int i = 0; i < changes; i++) {
                Change change = randomChange();
                uncommitted.add(change);
                apply(change);
                compare();
            }
        }

        private Change randomChange() {
            String id = "id" + random.nextInt(IDS);
            return new Change(id, random.nextInt(5) == 0 ? null : EventStoreModelTest.sample(random, id));
        }

        private void apply(Change change) {
            task.process(() -> {
                if (change.sample == null) {
                    task.store().delete(change.id);
                } else {
                    task.store().put(change.sample);
                }
            });
            apply(change, model);
        }

        private static void apply(Change change, SampleModel to) {
            if (change.sample == null) {
                to.delete(change.id);
            } else {
                to.put(change.sample);
            }
        }

        // ---- commits

        private void commit() {
            prepare();
            finish(false);
        }

        private void prepare() {
            task.prepareCommit();
            written = copy(model);
        }

        private void finish(boolean enforceCheckpoint) {
            task.commitTransaction();
            if (!model.samples().equals(committed.samples())) {
                committedBefore = committed;
            }
            committed = copy(model);
            committedInput = task.inputOffset();
            uncommitted.clear();
            task.postCommit(enforceCheckpoint);
        }

        private void commitAtSecondAttempt() {
            prepare();
            prepare();
            finish(false);
        }

        /** At-least-once, the task then goes on and commits later; exactly-once, it is closed. */
        private void commitThatTimesOut() {
            prepare();
            if (exactlyOnce) {
                closeDirty();
            } else {
                task.abortTransaction();
            }
        }

        private void suspendAndResume() {
            prepare();
            finish(true);
            task.restore(10);
        }

        // ---- ends and beginnings

        private void restart() {
            prepare();
            finish(true);
            task.close();
            highestInput = Math.max(highestInput, task.inputOffset());
            reopen();
            assertThat(changelog.after(task.restoredOffset()))
                    .as("to restore after a clean close")
                    .isEmpty();
        }

        /** Exactly-once, Kafka Streams wipes what was closed dirty, changelog or not. */
        private void closeDirty() {
            prepare();
            task.abortTransaction();
            task.close();
            if (exactlyOnce) {
                task.loseDisk();
                written = new SampleModel();
            }
            goOn(written);
        }

        private void loseDisk() {
            task.abortTransaction();
            task.close();
            task.loseDisk();
            written = new SampleModel();
            goOn(written);
        }

        private void corrupt() {
            prepare();
            task.markCorrupted();
            closeDirty();
        }

        private void crash() {
            task.abortTransaction();
            task.close();
            goOn(written);
        }

        /** Goes on until the crash; without a changelog it may come before or after the write. */
        private void crashAtMoment() {
            crashAt.arm(Moment.values()[random.nextInt(Moment.values().length)], 1 + random.nextInt(3));
            SampleModel before = written;
            try {
                for (int i = 0; i < 4; i++) {
                    change();
                    before = written;
                    prepare();
                    finish(random.nextInt(4) == 0);
                }
            } catch (Crash e) {
                story.add(e.getMessage());
            }
            crashAt.disarm();
            task.abortTransaction();
            task.close();
            goOn(before, model);
        }

        /** Opens again, as a process does that finds what another left behind. */
        private void goOn(SampleModel... onDisk) {
            SampleModel lost = model;
            List<Change> again = List.copyOf(uncommitted);
            uncommitted.clear();
            highestInput = Math.max(highestInput, task.inputOffset());
            task.rewind(committedInput);
            reopen(onDisk);
            committed = copy(model);
            written = copy(model);
            if (random.nextBoolean()) {
                again.forEach(this::apply);
                uncommitted.addAll(again);
                if (logged) {
                    assertThat(model.samples()).as("processed again").isEqualTo(lost.samples());
                }
            }
        }

        private void reopen(SampleModel... onDisk) {
            task.open(builder());
            if (logged) {
                assertThat(stored())
                        .as("on disk at offset %s", task.restoredOffset())
                        .isEqualTo(changelog.samples(task.restoredOffset()));
                task.restore(1 + random.nextInt(20));
                SampleModel restored = new SampleModel();
                changelog.samples().values().forEach(restored::put);
                if (exactlyOnce) {
                    assertThat(restored.samples()).as("committed changelog").isEqualTo(committed.samples());
                    assertThat(task.storeOffset()).as("position").isEqualTo(committedInput);
                } else {
                    assertThat(task.storeOffset()).as("position").isBetween(committedInput, highestInput);
                }
                model = restored;
            } else if (onDisk.length > 0) {
                Map<String, Sample> found = stored();
                assertThat(Arrays.stream(onDisk).map(SampleModel::samples)).contains(found);
                model = new SampleModel();
                found.values().forEach(model::put);
            }
            compare();
        }

        // ---- as a standby

        private void beStandby() {
            if (!logged) {
                return;
            }
            prepare();
            finish(true);
            task.recycle();
            int batches = random.nextInt(4);
            for (int i = 0; i < batches; i++) {
                elsewhere();
                task.restore(1 + random.nextInt(5));
                compare();
                assertThat(task.storeOffset())
                        .as("position as a standby")
                        .isBetween(
                                committedInput, exactlyOnce ? committedInput : Math.max(committedInput, highestInput));
                if (random.nextBoolean()) {
                    task.postCommit(false);
                }
            }
            if (random.nextInt(3) == 0) {
                crash();
            } else {
                task.recycle();
            }
        }

        /** Another instance has the task, logs what it does, and says with the last record how far it has come. */
        private void elsewhere() {
            EventCodec<Sample> codec = new EventCodec<>(Sample.definition(), "elsewhere", new int[4]);
            int changes = 1 + random.nextInt(5);
            for (int i = 0; i < changes; i++) {
                Change change = randomChange();
                apply(change, model);
                task.skip();
                byte[] payload = change.sample == null
                        ? null
                        : codec.prepare(change.sample).row().payload();
                changelog.append(
                        EventCodec.idBytes(change.id), payload, 0, i < changes - 1 ? new RecordHeaders() : seen());
            }
            changelog.commit();
            committed = copy(model);
            committedInput = task.inputOffset();
        }

        private Headers seen() {
            Position position = Position.emptyPosition().withComponent(StoreTask.INPUT, 0, task.inputOffset());
            return new RecordHeaders()
                    .add(ChangelogRecordDeserializationHelper.CHANGELOG_VERSION_HEADER_RECORD_CONSISTENCY)
                    .add(
                            ChangelogRecordDeserializationHelper.CHANGELOG_POSITION_HEADER_KEY,
                            TaskContext.serialize(position));
        }

        // ---- definitions

        private EventStoreBuilder<Sample> builder() {
            allIndexes = random.nextInt(4) > 0;
            EventStoreBuilder<Sample> builder =
                    EventStores.builder("samples", definition()).crashPoints(crashAt);
            return logged ? builder : builder.withLoggingDisabled();
        }

        /** All indexes or some of them, some in another version than last time. */
        private EventDefinition<Sample> definition() {
            EventDefinition.Builder<Sample> definition =
                    EventDefinition.builder(Sample.serde()).id(Sample::id).timestampNanos(Sample::timestampNanos);
            Stream.of(Sample.PROCESS, Sample.FUNCTION, Sample.TAG, Sample.SIZE).forEach(index -> {
                int version = versions.merge(index.name(), random.nextInt(4) == 0 ? 1 : 0, Integer::sum);
                if (allIndexes || random.nextBoolean()) {
                    definition.index(index.version(version));
                }
            });
            return definition.build();
        }

        // ---- comparing

        private void compare() {
            if (exactlyOnce && logged) {
                assertThat(Stream.of(committed, committedBefore).map(SampleModel::samples))
                        .as("seed %d, read committed", seed)
                        .contains(stored(IsolationLevel.READ_COMMITTED));
            }
            if (allIndexes) {
                EventStoreModelTest.compare(random, task.store(), model, seed);
            } else {
                assertThat(stored()).as("seed %d", seed).isEqualTo(model.samples());
                EventStoreModelTest.compareStats(task.store().stats(), model, seed);
            }
        }

        private Map<String, Sample> stored() {
            return stored(IsolationLevel.READ_UNCOMMITTED);
        }

        private Map<String, Sample> stored(IsolationLevel isolation) {
            Map<String, Sample> samples = new HashMap<>();
            task.store()
                    .query(EventQuery.<Sample>all().limit(Integer.MAX_VALUE).isolation(isolation))
                    .events()
                    .forEach(sample -> samples.put(sample.id(), sample));
            return samples;
        }

        private static SampleModel copy(SampleModel of) {
            SampleModel copy = new SampleModel();
            of.samples().values().forEach(copy::put);
            return copy;
        }

        @Override
        public void close() {
            task.close();
        }
    }
}
