package io.forebay.benchmarks;

import io.forebay.buffer.PutNewerBuffer;
import io.forebay.buffer.VersionedEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Maps that keep the newest version of each key, and hand everything over when asked to. */
final class PutNewerContenders {
    /** Writes newer versions, then hands over. */
    interface Contender {
        void put(String key, Object value, long version);

        default void putAll(List<VersionedEntry<String, Object>> updates) {
            throw new UnsupportedOperationException("no bulk write");
        }

        /** Hands over what is there, and starts afresh; returns how many entries have been handed over so far. */
        long handOver();

        default void close() {}
    }

    private PutNewerContenders() {}

    static Contender create(String name) {
        return switch (name) {
            case "forebay-hand" -> new HandDriven();
            case "forebay" -> new Scheduled();
            case "hashmap" -> new Plain(new HashMap<>());
            case "chm" -> new Concurrent();
            default -> throw new IllegalArgumentException("no such contender: " + name);
        };
    }

    private static final class Sum {
        private long entries;

        synchronized void add(List<?> batch) {
            entries += batch.size();
        }

        synchronized long get() {
            return entries;
        }
    }

    private static final class HandDriven implements Contender {
        private final Sum sum = new Sum();
        private final PutNewerBuffer<String, Object> buffer =
                PutNewerBuffer.<String, Object>builder(sum::add).handDriven();

        @Override
        public void put(String key, Object value, long version) {
            buffer.putNewer(key, value, version);
        }

        @Override
        public long handOver() {
            buffer.flush();
            return sum.get();
        }
    }

    private static final class Scheduled implements Contender {
        private final Sum sum = new Sum();
        private final PutNewerBuffer<String, Object> buffer = PutNewerBuffer.<String, Object>builder(sum::add)
                .flushInterval(java.time.Duration.ofHours(1))
                .start();

        @Override
        public void put(String key, Object value, long version) {
            buffer.putNewer(key, value, version);
        }

        @Override
        public void putAll(List<VersionedEntry<String, Object>> updates) {
            buffer.putAllNewer(updates);
        }

        @Override
        public long handOver() {
            buffer.flush();
            return sum.get();
        }

        @Override
        public void close() {
            buffer.close();
        }
    }

    private record Versioned(@Nullable Object value, long version, long updates) {}

    private static final class Plain implements Contender {
        private final Sum sum = new Sum();
        private Map<String, Versioned> map;

        Plain(Map<String, Versioned> map) {
            this.map = map;
        }

        @Override
        public void put(String key, Object value, long version) {
            Versioned known = map.get(key);
            if (known == null) {
                map.put(key, new Versioned(value, version, 0));
            } else if (known.version < version) {
                map.put(key, new Versioned(value, version, known.updates + 1));
            }
        }

        @Override
        public long handOver() {
            sum.add(List.copyOf(map.values()));
            map = new HashMap<>(map.size() * 4 / 3 + 1);
            return sum.get();
        }
    }

    private static final class Concurrent implements Contender {
        private final Sum sum = new Sum();
        private volatile ConcurrentHashMap<String, Versioned> map = new ConcurrentHashMap<>();

        @Override
        public void put(String key, Object value, long version) {
            map.compute(
                    key,
                    (k, known) -> known == null
                            ? new Versioned(value, version, 0)
                            : known.version < version ? new Versioned(value, version, known.updates + 1) : known);
        }

        @Override
        public long handOver() {
            sum.add(List.copyOf(map.values()));
            map = new ConcurrentHashMap<>(map.size() * 2);
            return sum.get();
        }
    }
}
