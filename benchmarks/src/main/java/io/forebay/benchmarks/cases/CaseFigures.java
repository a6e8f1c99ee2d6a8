package io.forebay.benchmarks.cases;

import java.util.Map;
import java.util.TreeMap;

/** What one run of a case came to. */
public record CaseFigures(Map<String, Double> byName) {

    public CaseFigures {
        byName = Map.copyOf(byName);
    }

    public double get(String name) {
        Double figure = byName.get(name);
        if (figure == null) {
            throw new IllegalStateException("the case did not say " + name + ", but " + byName);
        }
        return figure;
    }

    public double getOrZero(String name) {
        return byName.getOrDefault(name, 0.0);
    }

    @Override
    public String toString() {
        return new TreeMap<>(byName).toString();
    }
}
