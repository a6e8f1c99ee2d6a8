package io.forebay.query;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.forebay.store.EventStoreStats;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What the store holds, what the application has counted, and how fast that goes. */
final class StatsRoutes {

    private static final String SECONDS = "seconds";
    private static final int DEFAULT_SECONDS = 120;

    private final Supplier<SortedMap<Integer, EventStoreStats>> stats;
    private final Supplier<Map<String, Long>> counters;
    private final LongSupplier queries;
    private final EventRate rate;
    private final InstantSource clock;

    StatsRoutes(
            Supplier<SortedMap<Integer, EventStoreStats>> stats,
            Supplier<Map<String, Long>> counters,
            LongSupplier queries,
            EventRate rate,
            InstantSource clock) {
        this.stats = stats;
        this.counters = counters;
        this.queries = queries;
        this.rate = rate;
        this.clock = clock;
    }

    void register(RoutesConfig routes) {
        routes.get("/v1/stats", this::stats);
        routes.get("/v1/rate", this::rate);
    }

    private void stats(Context ctx) {
        SingleValues.of(ctx.queryParamMap(), Set.of());
        SortedMap<Integer, EventStoreStats> byPartition = stats.get();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        put(json, byPartition.values().stream().reduce(EventStoreStats.EMPTY, EventStoreStats::plus));
        ObjectNode counted = json.putObject("counters");
        counters.get().forEach(counted::put);
        json.put("queries", queries.getAsLong());
        ArrayNode partitions = json.putArray("partitions");
        byPartition.forEach((partition, each) -> put(partitions.addObject().put("partition", partition), each));
        Json.answer(ctx, json);
    }

    private static void put(ObjectNode json, EventStoreStats stats) {
        json.put("total", stats.total())
                .put("oldest", Json.time(stats.oldest()))
                .put("newest", Json.time(stats.newest()))
                .put("evicted", stats.evicted())
                .put("late", stats.late())
                .put("uncommitted", stats.uncommitted())
                .put("uncommittedBytes", stats.uncommittedBytes())
                .put("diskBytes", stats.diskBytes());
    }

    private void rate(Context ctx) {
        String text = SingleValues.of(ctx.queryParamMap(), Set.of(SECONDS)).get(SECONDS);
        int seconds = WholeNumber.parse(SECONDS, text, DEFAULT_SECONDS, EventRate.MAX_SECONDS);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode points = json.put("now", Json.time(clock.instant())).putArray("points");
        for (EventRate.Point point : rate.last(Duration.ofSeconds(seconds), clock.instant())) {
            ObjectNode perSecond = points.addObject()
                    .put("end", Json.time(point.end()))
                    .put(SECONDS, point.seconds())
                    .putObject("perSecond");
            point.perSecond().forEach(perSecond::put);
        }
        Json.answer(ctx, json);
    }
}
