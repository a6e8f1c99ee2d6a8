package io.forebay.store;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** A latest store of text as a plain map. Values look like "owner/rest". */
final class LatestModel implements StoreLife.Model<LatestModel> {

    static final EventIndex<String> OWNER =
            EventIndex.ofString("owner", value -> value.substring(0, value.indexOf('/')));

    private static final LatestDefinition<String, String> PLAIN = LatestDefinition.of(Serdes.String(), Serdes.String());
    private static final LatestDefinition<String, String> INDEXED = LatestDefinition.builder(
                    Serdes.String(), Serdes.String())
            .index(OWNER)
            .build();

    private final TreeMap<String, Row> rows = new TreeMap<>();
    private long highestEpoch;

    /** What there is of a key; without a value it is a tombstone. */
    record Row(long version, @Nullable String value, long deletedAtMs, int pendingUpdates) {

        Row emitted() {
            return new Row(version, value, deletedAtMs, 0);
        }
    }

    static LatestDefinition<String, String> definition(boolean indexed) {
        return indexed ? INDEXED : PLAIN;
    }

    @Override
    public LatestModel copy() {
        LatestModel copy = new LatestModel();
        copy.rows.putAll(rows);
        return copy;
    }

    /** What the records of a changelog say, by the last one of each key. */
    static LatestModel of(List<ConsumerRecord<byte[], byte[]>> records) {
        Map<String, LatestRow> latest = new HashMap<>();
        long marker = 0;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (record.value() != null && OutboxMarker.isKey(record.key())) {
                marker = Math.max(marker, OutboxMarker.read(record.value()));
            } else if (record.value() == null) {
                latest.remove(text(record.key()));
            } else {
                latest.put(text(record.key()), LatestRow.read(record.value()));
            }
        }
        LatestModel model = new LatestModel();
        long emitted = marker;
        model.highestEpoch =
                latest.values().stream().mapToLong(LatestRow::epoch).reduce(marker, Math::max);
        latest.forEach((key, row) -> model.rows.put(
                key,
                new Row(
                        row.version(),
                        row.tombstone() ? null : text(row.value()),
                        row.tombstone() ? row.deletedAtMs() : 0,
                        row.epoch() > emitted ? row.updates() : 0)));
        return model;
    }

    private static String text(byte[] bytes) {
        return Objects.requireNonNull(new StringDeserializer().deserialize("", bytes));
    }

    /** The highest epoch of a row, or the marker; only of a changelog. */
    long highestEpoch() {
        return highestEpoch;
    }

    @Nullable
    Row row(String key) {
        return rows.get(key);
    }

    void put(String key, Row row) {
        rows.put(key, row);
    }

    /** Everything, tombstones and what is pending included. */
    Map<String, Row> rows() {
        return rows;
    }

    /** Keys with their values. */
    Map<String, String> values() {
        Map<String, String> values = new TreeMap<>();
        rows.forEach((key, row) -> {
            if (row.value != null) {
                values.put(key, row.value);
            }
        });
        return values;
    }

    @Override
    public Map<String, Object> content() {
        return new TreeMap<>(values());
    }

    List<String> keysOf(String owner) {
        return values().entrySet().stream()
                .filter(entry -> entry.getValue().startsWith(owner + "/"))
                .map(Map.Entry::getKey)
                .sorted(Comparator.naturalOrder())
                .toList();
    }

    /** What is pending, by key: how many updates. */
    Map<String, Integer> pending() {
        Map<String, Integer> pending = new TreeMap<>();
        rows.forEach((key, row) -> {
            if (row.pendingUpdates > 0) {
                pending.put(key, row.pendingUpdates);
            }
        });
        return pending;
    }

    void emitAll() {
        rows.replaceAll((key, row) -> row.emitted());
    }
}
