package io.forebay.store;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What a store should answer, computed the slow and obvious way. */
final class SampleModel {

    private static final Map<String, BiPredicate<Sample, List<@Nullable Object>>> INDEXES = Map.of(
            "process", (sample, values) -> Objects.equals(sample.process(), values.get(0)),
            "function", SampleModel::matchesFunction,
            "tag", (sample, values) -> sample.tags().contains((String) values.get(0)),
            "size", (sample, values) -> Objects.equals(sample.size(), values.get(0)));

    private static final Comparator<Sample> BY_POSITION =
            Comparator.comparingLong(Sample::timestampNanos).thenComparing(Sample::id);

    private final Map<String, Sample> samples = new HashMap<>();
    private final Eviction eviction;
    private @Nullable Sample floor;
    private long newest = Long.MIN_VALUE;
    private boolean changed;
    private long evicted;
    private long late;

    SampleModel() {
        this(new Eviction(null, Long.MAX_VALUE));
    }

    SampleModel(Eviction eviction) {
        this.eviction = eviction;
    }

    boolean put(Sample sample) {
        newest = Math.max(newest, sample.timestampNanos());
        boolean expired = eviction.hasRetention() && BY_POSITION.compare(sample, oldestKept()) < 0;
        if (expired || isBelowFloor(sample)) {
            late++;
            return false;
        }
        samples.put(sample.id(), sample);
        changed = true;
        return true;
    }

    void delete(String id) {
        samples.remove(id);
        changed = true;
    }

    long deleteBefore(long cutoffNanos) {
        return raiseFloor(Sample.of("", cutoffNanos));
    }

    /** What happens at a commit. */
    void commit() {
        if (!changed) {
            return;
        }
        changed = false;
        if (eviction.hasRetention()
                && samples.values().stream().anyMatch(sample -> BY_POSITION.compare(sample, oldestKept()) < 0)) {
            raiseFloor(oldestKept());
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

    private Sample oldestKept() {
        return Sample.of("", eviction.oldestKept(newest));
    }

    private long raiseFloor(Sample to) {
        if (floor == null
                ? to.timestampNanos() > Long.MIN_VALUE || !to.id().isEmpty()
                : BY_POSITION.compare(floor, to) < 0) {
            floor = to;
            changed = true;
        }
        int before = samples.size();
        samples.values().removeIf(this::isBelowFloor);
        evicted += before - samples.size();
        return before - samples.size();
    }

    private boolean isBelowFloor(Sample sample) {
        return floor != null && BY_POSITION.compare(sample, floor) < 0;
    }

    Map<String, Sample> samples() {
        return samples;
    }

    List<Sample> query(EventQuery<Sample> query) {
        TimeRange range = TimeRange.of(query);
        return samples.values().stream()
                .filter(sample -> range.contains(sample.timestampNanos()))
                .filter(sample -> query.conditions().stream()
                        .allMatch(condition -> Objects.requireNonNull(INDEXES.get(condition.index()))
                                .test(sample, condition.values())))
                .sorted(query.order() == Order.ASC ? BY_POSITION : BY_POSITION.reversed())
                .limit(query.limit())
                .toList();
    }

    private static boolean matchesFunction(Sample sample, List<@Nullable Object> values) {
        List<@Nullable String> parts = Arrays.asList(sample.module(), sample.function());
        return sample.module() != null
                && IntStream.range(0, values.size())
                        .allMatch(i -> values.get(i) == null || values.get(i).equals(parts.get(i)));
    }
}
