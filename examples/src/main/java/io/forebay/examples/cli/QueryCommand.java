package io.forebay.examples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code forebay query}: asks a running instance for events. */
@Command(
        name = "query",
        description = "Ask a running instance for events, as a table or as JSON.",
        footer = {
            "",
            "TIME is " + TimeArgument.FORMATS + "; both bounds are inclusive.",
            "",
            "Examples:",
            "  forebay query --from -5m --type jdk.GCPhasePause",
            "  forebay query --module java.lang.Thread --order asc --limit 10 --json"
        })
final class QueryCommand implements Callable<Integer> {

    private static final int DEFAULT_LIMIT = 50;

    @Spec
    private CommandSpec spec;

    @ArgGroup(heading = "%nWhich events:%n", validate = false)
    private Filter filter = new Filter();

    @ArgGroup(heading = "%nWhich server:%n", validate = false)
    private ServerOptions server = new ServerOptions();

    @Option(names = "--json", description = "One JSON document per line instead of a table.")
    private boolean json;

    /** What an event must match. */
    static final class Filter {
        @Option(names = "--id", paramLabel = "ID", description = "The one event with this id.")
        private @Nullable String id;

        @Option(names = "--process", paramLabel = "NAME", description = "Events of this process.")
        private @Nullable String process;

        @Option(names = "--module", paramLabel = "NAME", description = "Events of this module.")
        private @Nullable String module;

        @Option(
                names = "--function",
                paramLabel = "NAME",
                description = "Events of this function, in any module or in the one given.")
        private @Nullable String function;

        @Option(names = "--type", paramLabel = "NAME", description = "Events of this type.")
        private @Nullable String type;

        @Option(names = "--correlation", paramLabel = "ID", description = "Events with this correlation id.")
        private @Nullable String correlation;

        @Option(names = "--from", paramLabel = "TIME", description = "Not before this time.")
        private @Nullable Instant from;

        @Option(names = "--to", paramLabel = "TIME", description = "Not after this time.")
        private @Nullable Instant to;

        @Option(
                names = "--limit",
                paramLabel = "N",
                description = "At most so many events (default: " + DEFAULT_LIMIT + ").")
        private @Nullable Integer limit;

        @Option(
                names = "--order",
                paramLabel = "asc|desc",
                description = "Oldest first (asc) or newest first (desc, the default).")
        private @Nullable Order order;
    }

    /** Order of events by time. */
    enum Order {
        asc,
        desc
    }

    @Override
    public Integer call() {
        EventQuery query = query();
        List<JsonNode> events = new EventsClient(server.uri(spec)).find(query);
        print(events);
        return 0;
    }

    private EventQuery query() {
        if (filter.id != null) {
            requireNoOtherFilter();
            return EventQuery.byId(filter.id);
        }
        if (filter.limit != null && filter.limit < 1) {
            throw usage("--limit=" + filter.limit + ": expected at least 1");
        }
        if (filter.from != null && filter.to != null && filter.from.isAfter(filter.to)) {
            throw usage("--from=" + filter.from + " is after --to=" + filter.to);
        }
        return EventQuery.all()
                .with("from", filter.from)
                .with("to", filter.to)
                .with("process", filter.process)
                .with("module", filter.module)
                .with("function", filter.function)
                .with("type", filter.type)
                .with("correlation", filter.correlation)
                .with("limit", limit())
                .with("order", filter.order == null ? Order.desc : filter.order);
    }

    private void requireNoOtherFilter() {
        boolean others = filter.process != null
                || filter.module != null
                || filter.function != null
                || filter.type != null
                || filter.correlation != null
                || filter.from != null
                || filter.to != null
                || filter.limit != null
                || filter.order != null;
        if (others) {
            throw usage("--id names a single event: leave the other criteria out");
        }
    }

    private int limit() {
        return filter.limit == null ? DEFAULT_LIMIT : filter.limit;
    }

    private void print(List<JsonNode> events) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            events.forEach(out::println);
        } else if (!events.isEmpty()) {
            EventTable.lines(events, ZoneId.systemDefault(), Console.current().columns())
                    .forEach(out::println);
        }
        out.flush();
        comment(events.size());
    }

    /** What a person wants to know beside the events goes to standard error. */
    private void comment(int found) {
        PrintWriter err = spec.commandLine().getErr();
        if (found == 0) {
            err.println("no events match");
        } else if (filter.id == null && found == limit()) {
            err.println(found + " events, the most that were asked for: see more with a higher --limit");
        }
        err.flush();
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
