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

    private final Map<String, Sample> samples = new HashMap<>();

    void put(Sample sample) {
        samples.put(sample.id(), sample);
    }

    void delete(String id) {
        samples.remove(id);
    }

    Map<String, Sample> samples() {
        return samples;
    }

    List<Sample> query(EventQuery<Sample> query) {
        Comparator<Sample> ascending =
                Comparator.comparingLong(Sample::timestampNanos).thenComparing(Sample::id);
        TimeRange range = TimeRange.of(query);
        return samples.values().stream()
                .filter(sample -> range.contains(sample.timestampNanos()))
                .filter(sample -> query.conditions().stream()
                        .allMatch(condition -> Objects.requireNonNull(INDEXES.get(condition.index()))
                                .test(sample, condition.values())))
                .sorted(query.order() == Order.ASC ? ascending : ascending.reversed())
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
