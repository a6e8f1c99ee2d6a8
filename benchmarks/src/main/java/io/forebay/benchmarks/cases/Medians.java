package io.forebay.benchmarks.cases;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Figures by name, each as often as it was measured. Not thread-safe. */
public final class Medians {

    private final Map<String, List<Double>> figures = new HashMap<>();

    public void add(String name, double figure) {
        figures.computeIfAbsent(name, any -> new ArrayList<>()).add(figure);
    }

    public double median(String name) {
        List<Double> sorted = all(name).sorted().toList();
        if (sorted.isEmpty()) {
            throw new IllegalStateException("not measured: " + name + "; there are " + figures.keySet());
        }
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** The sum of a figure, which may be missing. */
    public long sum(String name) {
        return Math.round(all(name).mapToDouble(Double::doubleValue).sum());
    }

    private Stream<Double> all(String name) {
        return figures.getOrDefault(name, List.of()).stream();
    }
}
