package io.forebay.query;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whatever ends a request early into a problem document. */
final class ErrorResponses {

    private static final Logger LOG = LoggerFactory.getLogger(ErrorResponses.class);
    private static final String RETRY_AFTER_SECONDS = "1";

    private ErrorResponses() {}

    static void register(RoutesConfig routes) {
        routes.exception(ProblemException.class, (e, ctx) -> answer(ctx, e.problem()));
        routes.exception(QueryFailedException.class, (e, ctx) -> answer(ctx, failed(e)));
        routes.exception(DocumentException.class, (e, ctx) -> answer(ctx, refused(e)));
        routes.exception(HttpResponseException.class, (e, ctx) -> answer(ctx, fromJavalin(e, ctx)));
        routes.exception(Exception.class, (e, ctx) -> answer(ctx, unexpected(e, ctx)));
    }

    private static void answer(Context ctx, Problem problem) {
        if (problem.isTransient()) {
            ctx.header("Retry-After", RETRY_AFTER_SECONDS);
        }
        ctx.header("Cache-Control", "no-store");
        Json.answer(ctx, problem.status(), Problem.CONTENT_TYPE, problem.toJson(instance(ctx)));
    }

    private static Problem failed(QueryFailedException failure) {
        if (failure.kind() == QueryFailedException.Kind.BROKEN) {
            LOG.error("Query failed: {} {}", failure.getMessage(), failure.failures(), failure);
        }
        return Problem.of(failure);
    }

    private static Problem refused(DocumentException refusal) {
        if (refusal.getCause() != null) {
            LOG.warn("Documents are not available: {}", refusal.getMessage(), refusal);
        }
        return refusal.problem();
    }

    private static Problem fromJavalin(HttpResponseException e, Context ctx) {
        return switch (e.getStatus()) {
            case 404 -> Problem.pathNotFound(ctx.path());
            case 405 -> {
                ctx.header("Allow", allowed(e));
                yield Problem.methodNotAllowed(ctx.method().name(), ctx.path());
            }
            default -> Problem.ofStatus(e.getStatus(), String.valueOf(e.getMessage()));
        };
    }

    /** Javalin names the methods there are, except that HEAD comes with GET. */
    private static String allowed(HttpResponseException e) {
        String known = e.getDetails().getOrDefault("availableMethods", "GET");
        return known.contains("HEAD") ? known : known.replace("GET", "GET, HEAD");
    }

    private static Problem unexpected(Exception e, Context ctx) {
        String errorId = UUID.randomUUID().toString();
        LOG.error("Request {} {} failed, errorId={}", ctx.method(), instance(ctx), errorId, e);
        return Problem.internal(errorId);
    }

    private static String instance(Context ctx) {
        String query = ctx.queryString();
        return query == null ? ctx.path() : ctx.path() + "?" + query;
    }
}
