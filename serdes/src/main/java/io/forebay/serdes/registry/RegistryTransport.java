package io.forebay.serdes.registry;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets an answer from one of several URLs.
 *
 * <p>Protocol: a request goes to the URL that answered last. If it fails in a way that may pass (no connection, time-out,
 * 408, 429, 5xx) the next URL is tried at once; when all have failed there is a pause, random between half and the whole
 * of a span that doubles each round, so that many clients of a restarted registry do not come back all at the same time.
 * Every other answer is returned, whatever its status. {@code current} is a hint that threads may overwrite each other's.
 */
final class RegistryTransport {
    /** An answer that is final. */
    record Answer(URI uri, int status, String body) {}

    /** How to wait; a test has a clock of its own. */
    @FunctionalInterface
    interface Pause {
        void sleep(Duration duration) throws InterruptedException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(RegistryTransport.class);
    private static final String JSON = "application/vnd.schemaregistry.v1+json";

    /** Far more than any schema, and no danger to any heap. */
    static final int MAX_ANSWER_BYTES = 16 << 20;

    private final RegistryOptions options;
    private final Pause pause;
    private final RegistryAddress.Resolver resolver;
    private volatile int current;
    private @Nullable Connections connections;

    RegistryTransport(RegistryOptions options, Pause pause) {
        this(options, pause, InetAddress::getByName);
    }

    RegistryTransport(RegistryOptions options, Pause pause, RegistryAddress.Resolver resolver) {
        this.options = options;
        this.pause = pause;
        this.resolver = resolver;
    }

    /** The client and its threads, but for one that it starts itself. */
    private record Connections(HttpClient http, ExecutorService threads) {}

    private synchronized HttpClient http() {
        if (connections == null) {
            ExecutorService threads = Executors.newCachedThreadPool(task -> {
                Thread thread = new Thread(task, "forebay-schema-registry");
                thread.setDaemon(true);
                return thread;
            });
            connections = new Connections(connect(threads), threads);
        }
        return connections.http;
    }

    private HttpClient connect(ExecutorService threads) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                // Credentials go to the URLs that were configured, and nowhere else.
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(options.connectTimeout())
                .executor(threads);
        if (options.sslContext() != null) {
            builder.sslContext(options.sslContext());
        }
        return builder.build();
    }

    /**
     * Lets go of threads and connections. Another request would open new ones.
     *
     * <p>From Java 21 on the client can be closed. Before, it ends its last thread, and with it its connections, when it
     * finds that nobody has a reference to it any more; so the least that is needed is to have none.
     */
    synchronized void close() {
        if (connections != null) {
            HttpClient http = connections.http;
            ExecutorService threads = connections.threads;
            connections = null;
            if (http instanceof AutoCloseable) {
                invoke(http, "shutdownNow");
            }
            threads.shutdown();
        }
    }

    /** Calls a method that this Java has, though not the one this was compiled for. */
    private static void invoke(HttpClient http, String method) {
        try {
            HttpClient.class.getMethod(method).invoke(http);
        } catch (ReflectiveOperationException e) {
            LOG.warn("Connections to the schema registry may stay open until they are idle for long", e);
        }
    }

    /**
     * Asks until there is a final answer.
     *
     * @param path from the registry's root, with a slash in front
     * @param body what to POST, or null to GET
     * @throws RegistryUnavailableException if there is none
     */
    Answer ask(String path, @Nullable String body) {
        Duration backoff = options.backoff();
        for (int round = 0; ; round++) {
            Round outcome = askAll(path, body);
            if (outcome.answer != null) {
                return outcome.answer;
            }
            if (round == options.retries()) {
                throw new RegistryUnavailableException(
                        "no schema registry answered " + (body == null ? "GET " : "POST ") + path + " at "
                                + options.urls() + " in " + (round + 1) + " attempts each; the last one: "
                                + outcome.failure,
                        outcome.cause);
            }
            LOG.warn(
                    "No schema registry answers ({}); trying again in about {} ms",
                    outcome.failure,
                    backoff.toMillis());
            sleep(backoff);
            backoff = min(backoff.multipliedBy(2), RegistryOptions.MAX_BACKOFF);
        }
    }

    private record Round(
            @Nullable Answer answer,
            String failure,
            @Nullable Throwable cause) {}

    private Round askAll(String path, @Nullable String body) {
        Round last = new Round(null, "", null);
        int first = current;
        for (int i = 0; i < options.urls().size(); i++) {
            int index = (first + i) % options.urls().size();
            last = askOne(options.urls().get(index), path, body);
            if (last.answer != null) {
                current = index;
                return last;
            }
        }
        return last;
    }

    private Round askOne(RegistryAddress address, String path, @Nullable String body) {
        URI named = URI.create(address.root() + path);
        try {
            HttpResponse<String> response = send(request(address.request(path, resolver), body));
            Answer answer = new Answer(named, response.statusCode(), response.body());
            return mayPass(answer.status)
                    ? new Round(
                            null, named + " answered " + answer.status + " " + RegistryApi.excerpt(answer.body), null)
                    : new Round(answer, "", null);
        } catch (BoundedBody.TooLarge e) {
            throw new SchemaRegistryException(
                    "not the answer of a schema registry: " + named + ": " + e.getMessage(), e);
        } catch (IOException e) {
            return new Round(null, named + ": " + e, e);
        } catch (InterruptedException e) {
            throw new InterruptException("interrupted while waiting for " + named, e);
        }
    }

    /** The client's own time-out ends with the headers; this one includes the body. */
    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<String>> response =
                http().sendAsync(request, BoundedBody.ofAtMost(MAX_ANSWER_BYTES));
        try {
            return response.get(options.requestTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("timed out: no complete answer within " + options.requestTimeout());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IOException(e.getCause());
        } finally {
            response.cancel(true);
        }
    }

    private static boolean mayPass(int status) {
        return status == 408 || status == 429 || status >= 500;
    }

    private HttpRequest request(URI uri, @Nullable String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(options.requestTimeout())
                .header("Accept", JSON + ", application/json");
        if (options.authorization() != null) {
            request.header("Authorization", options.authorization());
        }
        return body == null
                ? request.build()
                : request.header("Content-Type", JSON)
                        .POST(BodyPublishers.ofString(body))
                        .build();
    }

    private void sleep(Duration span) {
        long millis = span.toMillis();
        try {
            pause.sleep(
                    Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1)));
        } catch (InterruptedException e) {
            throw new InterruptException("interrupted while waiting for the schema registry", e);
        }
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
