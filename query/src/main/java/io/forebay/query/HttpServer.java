package io.forebay.query;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/** Starts and stops the HTTP server, and knows all that is particular to Javalin and Jetty. */
final class HttpServer implements AutoCloseable {

    private static final int MAX_THREADS = 64;
    private static final int MIN_THREADS = 4;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    /** For connections on which no request is under way. */
    private static final Duration IDLE_CLOSE_TIMEOUT = Duration.ofMillis(100);

    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    private final Javalin javalin;

    private HttpServer(Javalin javalin) {
        this.javalin = javalin;
    }

    /**
     * Starts a server.
     *
     * @throws QueryServerException if it cannot listen there
     */
    static HttpServer start(String host, int port, Consumer<RoutesConfig> routes) {
        Javalin javalin = Javalin.create(config -> {
            configure(config);
            WebPage.register(config);
            config.routes.before(ctx -> {
                WebPage.SECURITY_HEADERS.forEach(ctx::header);
                refuseBrokenEscapes(ctx.queryString());
            });
            routes.accept(config.routes);
            ErrorResponses.register(config.routes);
        });
        try {
            javalin.start(host, port);
        } catch (RuntimeException e) {
            throw new QueryServerException(explain(host, port, e), e);
        }
        // Not before: what never started would wait for all that time for itself.
        Server server = javalin.jettyServer().server();
        server.setStopTimeout(CLOSE_TIMEOUT.toMillis());
        for (Connector connector : server.getConnectors()) {
            if (connector instanceof AbstractConnector withIdleConnections) {
                withIdleConnections.setShutdownIdleTimeout(IDLE_CLOSE_TIMEOUT.toMillis());
            }
        }
        return new HttpServer(javalin);
    }

    int port() {
        return javalin.port();
    }

    /** Takes no more requests and lets those under way finish, for at most five seconds. */
    @Override
    public void close() {
        javalin.stop();
    }

    private static void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.prefer405over404 = true;
        config.jetty.threadPool = new QueuedThreadPool(MAX_THREADS, MIN_THREADS);
        config.jetty.modifyServer(server -> server.setErrorHandler(new ProblemErrorHandler()));
    }

    /** Jetty looks at those of the path, and reads those of the query as nothing. */
    private static void refuseBrokenEscapes(@Nullable String query) {
        if (query != null && BROKEN_ESCAPE.matcher(query).find()) {
            throw new ProblemException(Problem.badRequest(
                    "a % in the query is not followed by two hexadecimal digits; write a % of your own as %25"));
        }
    }

    private static String explain(String host, int port, Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = String.valueOf(cause.getMessage());
        String where = "cannot listen on " + host + ":" + port + ": ";
        if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
            return where + "there is no host of that name; use an address of this machine, such as 127.0.0.1";
        }
        if (message.contains("in use")) {
            return where
                    + "the port is taken by another program; stop that, or choose another port (0 takes any that is"
                    + " free)";
        }
        if (message.contains("assign")) {
            return where + "this machine does not have that address; use one of its own, such as 127.0.0.1";
        }
        if (message.contains("ermission")) {
            return where + "this user may not use that port; choose one above 1023";
        }
        return where + message;
    }
}
