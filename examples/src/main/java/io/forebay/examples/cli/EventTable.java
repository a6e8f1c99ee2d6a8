package io.forebay.examples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.examples.cli.Table.Column;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Events, as the server answers them, as a table for people. */
final class EventTable {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);
    private static final List<Column> COLUMNS = List.of(
            new Column("TIME", false),
            new Column("TYPE", false),
            new Column("PROCESS", true),
            new Column("FUNCTION", true),
            new Column("DURATION", false),
            new Column("ID", true),
            new Column("CORRELATION", true),
            new Column("ATTRIBUTES", true));

    private EventTable() {}

    /** The lines of the table; times are shown in {@code zone}. */
    static List<String> lines(List<JsonNode> events, ZoneId zone, int width) {
        Table table = new Table(COLUMNS);
        for (JsonNode event : events) {
            table.add(List.of(
                    time(event.path("timestamp").asText(""), zone),
                    event.path("type").asText(""),
                    event.path("process").asText(""),
                    function(event),
                    duration(event.path("durationNanos").asLong(0)),
                    event.path("id").asText(""),
                    event.path("correlation").asText(""),
                    attributes(event.path("attributes"))));
        }
        return table.lines(width);
    }

    private static String time(String timestamp, ZoneId zone) {
        try {
            return TIME.format(Instant.parse(timestamp).atZone(zone));
        } catch (DateTimeException e) {
            return timestamp; // a server of another version: show what it says
        }
    }

    private static String function(JsonNode event) {
        String module = event.path("module").asText("");
        String function = event.path("function").asText("");
        return module.isEmpty() || function.isEmpty() ? module + function : module + "." + function;
    }

    /** In the unit that leaves one to three digits before the point: {@code 12.3 ms}. */
    private static String duration(long nanos) {
        if (nanos <= 0) {
            return "";
        } else if (nanos < 1_000) {
            return nanos + " ns";
        } else if (nanos < 1_000_000) {
            return String.format(Locale.ROOT, "%.1f µs", nanos / 1e3);
        } else if (nanos < 1_000_000_000) {
            return String.format(Locale.ROOT, "%.1f ms", nanos / 1e6);
        }
        return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }

    private static String attributes(JsonNode attributes) {
        List<String> pairs = new ArrayList<>();
        attributes
                .properties()
                .forEach(entry ->
                        pairs.add(entry.getKey() + "=" + entry.getValue().asText()));
        return String.join(" ", pairs);
    }
}
