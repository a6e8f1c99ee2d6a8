package io.forebay.benchmarks;

import java.util.Map;
import java.util.TreeMap;

/**
 * One JMH benchmark with its parameters.
 *
 * @param method class and method
 * @param params values of {@code @Param} fields
 * @param threads JMH threads
 */
public record JmhCase(String method, Map<String, String> params, int threads) {
    public JmhCase {
        params = Map.copyOf(params);
    }

    /** The case of a method with alternating names and values of parameters. */
    public static JmhCase of(Class<?> type, String method, String... params) {
        Map<String, String> map = new TreeMap<>();
        for (int i = 0; i < params.length; i += 2) {
            map.put(params[i], params[i + 1]);
        }
        return new JmhCase(type.getName() + '.' + method, map, 1);
    }

    /** The same case with that many threads. */
    public JmhCase withThreads(int count) {
        return new JmhCase(method, params, count);
    }
}
