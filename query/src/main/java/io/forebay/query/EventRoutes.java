package io.forebay.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.forebay.store.EventQuery;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/** Events, one by id or many by what is known of them. */
final class EventRoutes<E> {

    private final PartitionedEvents<E> events;
    private final QueryParameters<E> parameters;
    private final QueryExecutor executor;
    private final Function<? super E, ? extends JsonNode> renderer;
    private final LongAdder answered = new LongAdder();

    EventRoutes(
            PartitionedEvents<E> events,
            QueryParameters<E> parameters,
            QueryExecutor executor,
            Function<? super E, ? extends JsonNode> renderer) {
        this.events = events;
        this.parameters = parameters;
        this.executor = executor;
        this.renderer = renderer;
    }

    void register(RoutesConfig routes) {
        routes.get("/v1", this::describe);
        routes.get("/v1/events", this::find);
        routes.get("/v1/events/{id}", this::byId);
    }

    /** How many queries have been answered, by an event, by a list, or by the certainty that there is no such event. */
    long answered() {
        return answered.sum();
    }

    private void describe(Context ctx) {
        SingleValues.of(ctx.queryParamMap(), Set.of());
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        parameters.filters().forEach(json.putArray("filters")::add);
        Json.answer(ctx, json.put("defaultLimit", parameters.defaultLimit()).put("maxLimit", parameters.maxLimit()));
    }

    private void find(Context ctx) {
        EventQuery<E> query = parameters.parse(ctx.queryParamMap());
        List<E> found = executor.run(() -> events.query(query));
        Json.answerList(ctx, "events", found, renderer::apply);
        answered.increment();
    }

    private void byId(Context ctx) {
        SingleValues.of(ctx.queryParamMap(), Set.of());
        String id = ctx.pathParam("id");
        Optional<E> found = executor.run(() -> events.get(id));
        answered.increment();
        Json.answer(ctx, renderer.apply(found.orElseThrow(() -> new ProblemException(Problem.eventNotFound(id)))));
    }
}
