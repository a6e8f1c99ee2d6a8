package io.forebay.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/** An event for tests, with an index of every kind. */
record Sample(
        String id,
        long timestampNanos,
        @Nullable String process,
        @Nullable String module,
        @Nullable String function,
        List<String> tags,
        @Nullable Long size) {

    static final EventIndex<Sample> PROCESS = EventIndex.ofString("process", Sample::process);
    static final EventIndex<Sample> FUNCTION = EventIndex.composite(
            "function",
            EventIndex.ofString("module", Sample::module),
            EventIndex.ofString("function", Sample::function));
    static final EventIndex<Sample> TAG = EventIndex.ofStrings("tag", Sample::tags);
    static final EventIndex<Sample> SIZE = EventIndex.ofLong("size", Sample::size);

    static Sample of(String id, long timestampNanos) {
        return new Sample(id, timestampNanos, null, null, null, List.of(), null);
    }

    Sample withProcess(@Nullable String newProcess) {
        return new Sample(id, timestampNanos, newProcess, module, function, tags, size);
    }

    @SafeVarargs
    static EventDefinition<Sample> definition(EventIndex<Sample>... indexes) {
        EventDefinition.Builder<Sample> builder = EventDefinition.builder(serde())
                .id(Sample::id)
                .timestampNanos(Sample::timestampNanos)
                .maxEventBytes(1_000);
        Arrays.stream(indexes).forEach(builder::index);
        return builder.build();
    }

    static EventDefinition<Sample> definition() {
        return definition(PROCESS, FUNCTION, TAG, SIZE);
    }

    static Serde<Sample> serde() {
        return Serdes.serdeFrom(
                (topic, sample) -> sample.write().getBytes(StandardCharsets.UTF_8),
                (topic, bytes) -> read(new String(bytes, StandardCharsets.UTF_8)));
    }

    private String write() {
        return String.join(
                "\n",
                id,
                Long.toString(timestampNanos),
                String.valueOf(process),
                String.valueOf(module),
                String.valueOf(function),
                String.join(",", tags),
                String.valueOf(size));
    }

    private static Sample read(String text) {
        String[] fields = text.split("\n", -1);
        return new Sample(
                fields[0],
                Long.parseLong(fields[1]),
                nullable(fields[2]),
                nullable(fields[3]),
                nullable(fields[4]),
                fields[5].isEmpty() ? List.of() : List.of(fields[5].split(",")),
                fields[6].equals("null") ? null : Long.valueOf(fields[6]));
    }

    private static @Nullable String nullable(String text) {
        return text.equals("null") ? null : text;
    }
}
