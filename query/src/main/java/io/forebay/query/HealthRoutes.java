package io.forebay.query;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For whoever runs the process: {@code /healthz} says whether it should be restarted, {@code /readyz} whether it should be
 * asked anything.
 */
final class HealthRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(HealthRoutes.class);

    private final Supplier<KafkaStreams.State> state;
    private final Supplier<?> askEveryPartition;
    private final Map<String, Supplier<Optional<String>>> checks;

    /**
     * Routes with these checks.
     *
     * @param askEveryPartition throws {@link QueryFailedException} if a partition does not answer
     * @param checks what else has to be in order, by name; each gives what is missing, or nothing
     */
    HealthRoutes(
            Supplier<KafkaStreams.State> state,
            Supplier<?> askEveryPartition,
            Map<String, Supplier<Optional<String>>> checks) {
        this.state = state;
        this.askEveryPartition = askEveryPartition;
        this.checks = checks;
    }

    void register(RoutesConfig routes) {
        routes.get("/healthz", this::healthy);
        routes.get("/readyz", this::ready);
    }

    private void healthy(Context ctx) {
        KafkaStreams.State now = state.get();
        if (now == KafkaStreams.State.ERROR || now == KafkaStreams.State.PENDING_ERROR) {
            throw new ProblemException(Problem.notHealthy(StateText.of(now)));
        }
        answer(ctx, "healthy", now);
    }

    private void ready(Context ctx) {
        List<String> missing = new ArrayList<>();
        try {
            Objects.requireNonNull(askEveryPartition.get());
        } catch (QueryFailedException e) {
            missing.add(String.valueOf(e.getMessage()));
        }
        checks.forEach((name, check) -> run(name, check).ifPresent(complaint -> missing.add(name + ": " + complaint)));
        if (!missing.isEmpty()) {
            throw new ProblemException(Problem.notReady(missing));
        }
        answer(ctx, "ready", state.get());
    }

    private static Optional<String> run(String name, Supplier<Optional<String>> check) {
        try {
            return check.get();
        } catch (RuntimeException e) {
            LOG.warn("Readiness check '{}' failed", name, e);
            return Optional.of("the check itself failed; the log has the cause");
        }
    }

    private static void answer(Context ctx, String status, KafkaStreams.State state) {
        Json.answer(
                ctx, JsonNodeFactory.instance.objectNode().put("status", status).put("state", state.name()));
    }
}
