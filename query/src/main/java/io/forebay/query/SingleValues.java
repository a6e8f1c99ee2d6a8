package io.forebay.query;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Parameters of a request of which each is known and given once, with a value. */
final class SingleValues {

    private SingleValues() {}

    /**
     * The value of each parameter that is given.
     *
     * @param known the names there are, in the order in which a message lists them
     * @throws ProblemException if a name is unknown, or given twice or without a value
     */
    static Map<String, String> of(Map<String, List<String>> parameters, Set<String> known) {
        Map<String, String> values = new LinkedHashMap<>();
        parameters.forEach((name, given) -> values.put(name, single(name, given, known)));
        return values;
    }

    private static String single(String name, List<String> given, Set<String> known) {
        String value = given.isEmpty() ? "" : given.get(0);
        if (!known.contains(name)) {
            throw invalid(name, value, "there is no parameter '" + name + "' here; " + list(known));
        }
        if (given.size() > 1) {
            throw invalid(name, String.join(", ", given), name + " is given " + given.size() + " times; give it once");
        }
        if (value.isEmpty()) {
            throw invalid(name, value, name + " has no value; give it one or leave it out");
        }
        return value;
    }

    private static String list(Set<String> known) {
        return known.isEmpty() ? "there are none" : "there are " + String.join(", ", known);
    }

    private static ProblemException invalid(String name, String value, String detail) {
        return new ProblemException(Problem.invalidParameter(name, value, detail));
    }
}
