package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.store.internal.streams.HandDrivenTask;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.streams.query.Position;
import org.jspecify.annotations.Nullable;

/**
 * The life of an event store: other indexes and other bounds each time it is opened, events that leave because they are too old, too
 * many, or told to. Whenever it is opened, what is on disk is compared with what its changelog offset says should be there.
 */
final class EventStoreLife extends StoreLife<RocksEventStore<Sample>, SampleModel, SampleChange> {

    private static final Eviction UNBOUNDED = new Eviction(null, Long.MAX_VALUE);

    /** What makes events leave. */
    private enum Leaving {
        NOTHING,
        WHEN_TOLD,
        WHEN_TOLD_AND_BY_BOUNDS
    }

    private final Leaving leaving;
    private final RandomSamples samples;
    private final SampleComparison comparison;
    private final Map<String, Integer> versions = new HashMap<>();
    private boolean allIndexes;
    private Eviction eviction = UNBOUNDED;

    /** The last input offset that was part of a commit, and of one that succeeded, with something in it to be committed. */
    private long preparedInput = StoreTask.NO_INPUT;

    private long loggedInput = StoreTask.NO_INPUT;

    EventStoreLife(Circumstances circumstances) {
        super(circumstances, new SampleModel());
        this.leaving = Leaving.values()[random.nextInt(Leaving.values().length)];
        this.samples = new RandomSamples(random, leaving != Leaving.NOTHING);
        this.comparison = new SampleComparison(samples, seed);
    }

    // ---- what an application does

    @Override
    SampleChange randomInput() {
        return leaving == Leaving.NOTHING ? samples.changeOfOne() : samples.change();
    }

    @Override
    int mostInputs() {
        return 7;
    }

    @Override
    void apply(SampleChange change) {
        inTask(() -> change.applyTo(task.store(), model));
    }

    @Override
    void prepare() {
        if (model.isChanged()) {
            preparedInput = task.inputOffset();
        }
        model.commit();
        super.prepare();
    }

    @Override
    void finish(boolean enforceCheckpoint) {
        loggedInput = preparedInput;
        super.finish(enforceCheckpoint);
    }

    // ---- beginnings

    @Override
    EventStoreBuilder<Sample> builder() {
        allIndexes = random.nextInt(4) > 0;
        EventStoreBuilder<Sample> builder = EventStores.builder("samples", definition())
                .loggedTogether(loggedTogether())
                .crashPoints(crashAt);
        if (leaving == Leaving.WHEN_TOLD_AND_BY_BOUNDS) {
            Duration retention = random.nextBoolean() ? Duration.ofNanos(5 + random.nextInt(10)) : null;
            long maxEvents = random.nextBoolean() ? 5 + random.nextInt(15) : Long.MAX_VALUE;
            eviction = new Eviction(retention, maxEvents);
            builder.maxEvents(maxEvents);
            if (retention != null) {
                builder.retention(retention);
            }
        }
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

    @Override
    SampleModel nothing() {
        return new SampleModel();
    }

    @Override
    SampleModel restore() {
        assertThat(held())
                .as("on disk at offset %s", task.restoredOffset())
                .isEqualTo(HeldSamples.of(changelog.upTo(task.restoredOffset())));
        task.restore(1 + random.nextInt(20));
        HeldSamples restored = HeldSamples.of(changelog.after(null));
        assertThat(held()).as("restored").isEqualTo(restored);
        if (exactlyOnce) {
            assertThat(restored).as("committed changelog").isEqualTo(committed.held());
            assertThat(task.storeOffset()).as("position").isEqualTo(loggedInput);
        } else {
            assertThat(task.storeOffset()).as("position").isBetween(loggedInput, highestInput);
        }
        preparedInput = loggedInput;
        return new SampleModel(eviction, restored);
    }

    @Override
    SampleModel find(List<SampleModel> onDisk) {
        HeldSamples found = held();
        assertThat(onDisk.stream().map(SampleModel::held)).contains(found);
        return new SampleModel(eviction, found);
    }

    private HeldSamples held() {
        return new HeldSamples(
                samplesInStore(IsolationLevel.READ_UNCOMMITTED),
                HeldSamples.sampleAt(task.store().core().meta().floor()),
                task.store().stats().evicted());
    }

    /** Bounds take effect at commits, of which there were others the first time; and so does a floor that is in the changelog already. */
    @Override
    boolean isSameAgain(SampleModel lost) {
        return leaving == Leaving.NOTHING || leaving == Leaving.WHEN_TOLD && exactlyOnce;
    }

    // ---- as a standby

    @Override
    void follow() {
        super.follow();
        assertThat(task.storeOffset())
                .as("position as a standby")
                .isBetween(loggedInput, exactlyOnce ? committedInput : Math.max(committedInput, highestInput));
    }

    /** Says with the last record how far the other instance has come. */
    @Override
    void elsewhere() {
        SampleModel other = new SampleModel(eviction, model.held());
        Set<String> changed = new LinkedHashSet<>();
        int least = 1 + random.nextInt(5);
        for (int i = 0; i < least || !other.isChanged(); i++) {
            SampleChange change = randomInput();
            assertThat(change.toModel().apply(other)).as("answer").isNotNull();
            if (change.id() != null) {
                changed.add(change.id());
            }
            task.skip();
        }
        other.commit();
        log(other.held(), changed);
        model.become(other.held());
        loggedInput = task.inputOffset();
        preparedInput = loggedInput;
    }

    private void log(HeldSamples held, Set<String> ids) {
        EventCodec<Sample> codec = new EventCodec<>(Sample.definition(), "elsewhere", new int[4]);
        int left = ids.size();
        if (!held.floor().equals(model.held().floor())) {
            append(Floor.key(), held.toFloor().write(), left == 0);
        }
        for (String id : ids) {
            Sample sample = held.samples().get(id);
            byte[] payload = sample == null ? null : codec.prepare(sample).row().payload();
            append(EventCodec.idBytes(id), payload, --left == 0);
        }
        changelog.commit();
    }

    private void append(byte[] key, byte @Nullable [] value, boolean last) {
        Position seen = Position.emptyPosition().withComponent(StoreTask.INPUT, 0, task.inputOffset());
        changelog.append(key, value, 0, last ? HandDrivenTask.headersOf(seen) : HandDrivenTask.noHeaders());
    }

    /** What is derived from the rows is derived anew. */
    @Override
    void activated() {
        model.become(model.held());
    }

    // ---- comparing

    @Override
    void compareWithModel() {
        if (allIndexes) {
            comparison.compare(task.store(), model);
        } else {
            assertThat(stored(IsolationLevel.READ_UNCOMMITTED))
                    .as("seed %d", seed)
                    .isEqualTo(model.content());
            comparison.compareStats(task.store().stats(), model);
        }
    }

    @Override
    Map<String, Object> stored(IsolationLevel isolation) {
        return new HashMap<>(samplesInStore(isolation));
    }

    private Map<String, Sample> samplesInStore(IsolationLevel isolation) {
        Map<String, Sample> found = new HashMap<>();
        task.store()
                .query(EventQuery.<Sample>all().limit(Integer.MAX_VALUE).isolation(isolation))
                .events()
                .forEach(sample -> found.put(sample.id(), sample));
        return found;
    }
}
