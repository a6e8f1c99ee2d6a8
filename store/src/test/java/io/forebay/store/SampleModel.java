package io.forebay.store;

import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What a store should answer, computed the slow and obvious way. */
final class SampleModel implements StoreLife.Model<SampleModel> {

    private static final Map<String, Function<Sample, List<? extends @Nullable Object>>> VALUES = Map.of(
            "process", sample -> Collections.singletonList(sample.process()),
            "tag", Sample::tags,
            "size", sample -> Collections.singletonList(sample.size()));

    private static final Map<String, BiPredicate<Sample, List<@Nullable Object>>> INDEXES = Map.of(
            "process", (sample, values) -> Objects.equals(sample.process(), values.get(0)),
            "function", SampleModel::matchesFunction,
            "tag", (sample, values) -> sample.tags().contains((String) values.get(0)),
            "size", (sample, values) -> Objects.equals(sample.size(), values.get(0)));

    private static final Comparator<Sample> BY_POSITION =
            Comparator.comparingLong(Sample::timestampNanos).thenComparing(Sample::id);

    private final Map<String, Sample> samples = new HashMap<>();
    private final Eviction eviction;
    private Sample floor = HeldSamples.NO_FLOOR;
    private boolean changed;
    private long evicted;
    private long late;

    /** The newest timestamp there has been since the store was opened, or null while nothing has been put. */
    private @Nullable Long newest;

    SampleModel() {
        this(new Eviction(null, Long.MAX_VALUE));
    }

    SampleModel(Eviction eviction) {
        this.eviction = eviction;
    }

    /** A store that is opened and finds this. */
    SampleModel(Eviction eviction, HeldSamples found) {
        this(eviction);
        become(found);
    }

    boolean put(Sample sample) {
        newest = Math.max(sample.timestampNanos(), newest == null ? newestOfSamples() : newest);
        boolean expired = eviction.hasRetention() && BY_POSITION.compare(sample, oldestKept(newest)) < 0;
        if (expired || isBelowFloor(sample)) {
            late++;
            return false;
        }
        samples.put(sample.id(), sample);
        changed = true;
        return true;
    }

    private long newestOfSamples() {
        return samples.values().stream().mapToLong(Sample::timestampNanos).max().orElse(Long.MIN_VALUE);
    }

    void delete(String id) {
        samples.remove(id);
        changed = true;
    }

    long deleteBefore(long cutoffNanos) {
        return raiseFloor(Sample.of("", cutoffNanos));
    }

    /** Whether there is anything to commit. */
    boolean isChanged() {
        return changed;
    }

    /** What happens at a commit. */
    void commit() {
        if (!changed) {
            return;
        }
        if (eviction.hasRetention() && newest != null) {
            raiseFloor(oldestKept(newest));
        }
        if (samples.size() > eviction.maxEvents()) {
            raiseFloor(samples.values().stream()
                    .sorted(BY_POSITION)
                    .skip(samples.size() - eviction.maxEvents())
                    .findFirst()
                    .orElseThrow());
        }
        changed = false;
    }

    long evicted() {
        return evicted;
    }

    long late() {
        return late;
    }

    private Sample oldestKept(long newestNanos) {
        return Sample.of("", eviction.oldestKept(newestNanos));
    }

    private long raiseFloor(Sample to) {
        if (BY_POSITION.compare(floor, to) < 0) {
            floor = Sample.of(to.id(), to.timestampNanos());
            changed = true;
        }
        int before = samples.size();
        samples.values().removeIf(this::isBelowFloor);
        evicted += before - samples.size();
        return before - samples.size();
    }

    private boolean isBelowFloor(Sample sample) {
        return BY_POSITION.compare(sample, floor) < 0;
    }

    Map<String, Sample> samples() {
        return samples;
    }

    @Override
    public Map<String, Object> content() {
        return new HashMap<>(samples);
    }

    HeldSamples held() {
        return new HeldSamples(Map.copyOf(samples), floor, evicted);
    }

    /** Goes on with what another instance has made of it. */
    void become(HeldSamples held) {
        samples.clear();
        samples.putAll(held.samples());
        floor = held.floor();
        evicted = held.evicted();
        newest = null;
        changed = false;
    }

    @Override
    public SampleModel copy() {
        SampleModel copy = new SampleModel(eviction, held());
        copy.newest = newest;
        copy.changed = changed;
        copy.late = late;
        return copy;
    }

    /** The first page. */
    List<Sample> query(EventQuery<Sample> query) {
        return all(query).stream().limit(query.limit()).toList();
    }

    /** All pages. */
    List<Sample> all(EventQuery<Sample> query) {
        long from = Timestamps.clampedNanos(query.from(), Long.MIN_VALUE);
        long to = Timestamps.clampedNanos(query.to(), Long.MAX_VALUE);
        return samples.values().stream()
                .filter(sample -> from <= sample.timestampNanos() && sample.timestampNanos() <= to)
                .filter(sample -> query.conditions().stream().allMatch(condition -> matches(sample, condition)))
                .sorted(query.order() == Order.ASC ? BY_POSITION : BY_POSITION.reversed())
                .toList();
    }

    /** The values of an index that occur. */
    List<Object> values(EventValuesQuery query) {
        return samples.values().stream()
                .flatMap(sample -> values(sample, query).stream())
                .filter(Objects::nonNull)
                .map(Object.class::cast)
                .filter(value -> query.after() == null || compare(value, query.after()) > 0)
                .sorted(SampleModel::compare)
                .distinct()
                .limit(query.limit())
                .toList();
    }

    private static List<? extends @Nullable Object> values(Sample sample, EventValuesQuery query) {
        if (!query.index().equals("function")) {
            return Objects.requireNonNull(VALUES.get(query.index())).apply(sample);
        }
        if (query.leading().isEmpty()) {
            return Collections.singletonList(sample.module());
        }
        return query.leading().get(0).equals(sample.module())
                ? Collections.singletonList(sample.function())
                : List.of();
    }

    private static int compare(Object left, Object right) {
        return left instanceof Long number
                ? number.compareTo((Long) right)
                : Arrays.compareUnsigned(EventCodec.idBytes((String) left), EventCodec.idBytes((String) right));
    }

    private static boolean matches(Sample sample, EventQuery.Condition condition) {
        if (condition instanceof EventQuery.Between range) {
            Long size = sample.size();
            return size != null
                    && (range.from() == null || range.from() <= size)
                    && (range.to() == null || size <= range.to());
        }
        return Objects.requireNonNull(INDEXES.get(condition.index())).test(sample, condition.operands());
    }

    private static boolean matchesFunction(Sample sample, List<@Nullable Object> values) {
        List<@Nullable String> parts = Arrays.asList(sample.module(), sample.function());
        return sample.module() != null
                && IntStream.range(0, values.size())
                        .allMatch(i -> values.get(i) == null || values.get(i).equals(parts.get(i)));
    }
}
