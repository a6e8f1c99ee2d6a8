package io.forebay.serdes.registry;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
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

    private final RegistryOptions options;
    private final HttpClient http;
    private final Pause pause;
    private volatile int current;

    RegistryTransport(RegistryOptions options, Pause pause) {
        this.options = options;
        this.pause = pause;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                // Credentials go to the URLs that were configured, and nowhere else.
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(options.connectTimeout());
        if (options.sslContext() != null) {
            builder.sslContext(options.sslContext());
        }
        this.http = builder.build();
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
            last = askOne(URI.create(options.urls().get(index) + path), body);
            if (last.answer != null) {
                current = index;
                return last;
            }
        }
        return last;
    }

    private Round askOne(URI uri, @Nullable String body) {
        try {
            HttpResponse<String> response = send(request(uri, body));
            Answer answer = new Answer(uri, response.statusCode(), response.body());
            return mayPass(answer.status)
                    ? new Round(null, uri + " answered " + answer.status + " " + RegistryApi.excerpt(answer.body), null)
                    : new Round(answer, "", null);
        } catch (IOException e) {
            return new Round(null, uri + ": " + e, e);
        } catch (InterruptedException e) {
            throw new InterruptException("interrupted while waiting for " + uri, e);
        }
    }

    /** The client's own time-out ends with the headers; this one includes the body. */
    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<String>> response = http.sendAsync(request, BodyHandlers.ofString());
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
