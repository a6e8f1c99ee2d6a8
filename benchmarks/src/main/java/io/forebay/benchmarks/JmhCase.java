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
record JmhCase(String method, Map<String, String> params, int threads) {
    JmhCase {
        params = Map.copyOf(params);
    }

    static JmhCase of(Class<?> type, String method, String... params) {
        Map<String, String> map = new TreeMap<>();
        for (int i = 0; i < params.length; i += 2) {
            map.put(params[i], params[i + 1]);
        }
        return new JmhCase(type.getName() + '.' + method, map, 1);
    }

    JmhCase withThreads(int count) {
        return new JmhCase(method, params, count);
    }
}
