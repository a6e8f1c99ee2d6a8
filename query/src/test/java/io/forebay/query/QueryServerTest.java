package io.forebay.query;

import static io.forebay.query.Samples.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.serdes.EventJson;
import io.forebay.serdes.event.Event;
import io.forebay.store.EventDefinition;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.query.FailureReason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryServerTest {

    private static final EventDefinition<Event> DEFINITION = Samples.DEFINITION;

    private final PartitionsStub streams = new PartitionsStub()
            .partition(0, event("a", 1), event("with/slash", 3))
            .partition(1, event("b", 2), event("naïve?&=#%", 4), event("broken", 5));
    private final AtomicReference<Optional<String>> capture = new AtomicReference<>(Optional.empty());

    private QueryServer server;
    private HttpJson http;

    @BeforeEach
    void start() {
        server = options().start();
        http = new HttpJson(server.uri());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private QueryServer.Builder<Event> options() {
        Map<String, Long> counters = new LinkedHashMap<>();
        counters.put("captured", 7L);
        counters.put("dropped", 1L);
        return QueryServer.builder(streams, "events", DEFINITION)
                .renderer(event -> {
                    if (event.getId().equals("broken")) {
                        throw new IllegalStateException("secret detail of the renderer");
                    }
                    return EventJson.toJson(event);
                })
                .counters(() -> counters)
                .readinessCheck("capture", capture::get)
                .port(0);
    }

    @Test
    void eventsAreListedInOneOrder() {
        var answer = http.get("/v1/events?limit=3&order=asc");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.json().path("events").findValuesAsText("id")).containsExactly("a", "b", "with/slash");
    }

    @ParameterizedTest
    @CsvSource({"a,a", "with%2Fslash,with/slash", "na%C3%AFve%3F%26%3D%23%25,naïve?&=#%"})
    void anEventIsFoundByItsIdWhateverIsInIt(String escaped, String id) {
        assertThat(http.get("/v1/events/" + escaped).json().path("id").textValue())
                .isEqualTo(id);
    }

    @Test
    void anIdThatIsNotThereIsA404() {
        var answer = http.get("/v1/events/nobody");
        assertProblem(answer, 404, "event-not-found", "nobody");
        assertThat(answer.json().path("instance").textValue()).isEqualTo("/v1/events/nobody");
    }

    @Test
    void answersAreCountedAndErrorsAreNot() {
        http.get("/v1/events?limit=1");
        http.get("/v1/events/a");
        http.get("/v1/events/nobody");
        http.get("/v1/events?limit=0");
        assertThat(server.queries()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/events?limit=0,        400, invalid-parameter",
        "/v1/events?nonsense=1,     400, invalid-parameter",
        "/v1/events/a?nonsense=1,   400, invalid-parameter",
        "/v1/stats?nonsense=1,      400, invalid-parameter",
        "/v1/rate?seconds=601,      400, invalid-parameter",
        "/v1/nowhere,               404, path-not-found",
        "/nowhere.html,             404, path-not-found",
        "/../pom.xml,               400, bad-request",
        "/v1/events/%zz,            400, bad-request",
        "/v1/events?process=%zz,    400, bad-request",
    })
    void badRequestsAreProblems(String path, int status, String type) throws IOException {
        assertProblem(http.raw("GET", path), status, type, "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH"})
    void onlyReadingIsPossible(String method) {
        var answer = http.send(method, "/v1/events");
        assertProblem(answer, 405, "method-not-allowed", method);
        assertThat(answer.header("Allow")).isEqualTo("GET, HEAD");
    }

    @Test
    void headIsGetWithoutABody() {
        var answer = http.send("HEAD", "/v1/events?limit=1");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void whatNobodyExpectedHasAnIdAndNoDetails() {
        var answer = http.get("/v1/events");
        assertProblem(answer, 500, "internal", answer.json().path("errorId").textValue());
        assertThat(answer.body()).doesNotContain("secret", "Exception", "at io.forebay");
    }

    @Test
    void aMissingPartitionIsNamedWithAnInvitationToRetry() {
        streams.failing(1, FailureReason.NOT_ACTIVE);
        var answer = http.get("/v1/events?limit=1");
        assertProblem(answer, 503, "unavailable", "[1]");
        assertThat(answer.header("Retry-After")).isEqualTo("1");
        assertThat(answer.json().at("/partitions/0/reason").textValue()).isEqualTo("NOT_ACTIVE");
    }

    @Test
    void aStoreThatIsBrokenIsA500() {
        streams.failing(0, FailureReason.STORE_EXCEPTION);
        assertProblem(http.get("/v1/stats"), 500, "query-failed", "[0]");
    }

    @ParameterizedTest
    @CsvSource({
        "CREATED,          200",
        "REBALANCING,      200",
        "PENDING_SHUTDOWN, 200",
        "PENDING_ERROR,    503",
        "ERROR,            503"
    })
    void healthIsNotReadiness(State state, int health) {
        assertThat(http.get("/healthz").status()).isEqualTo(200);
        assertThat(http.get("/readyz").status()).isEqualTo(200);
        streams.state(state);
        assertThat(http.get("/healthz").status()).isEqualTo(health);
        assertProblem(http.get("/readyz"), 503, "not-ready", state.name());
    }

    @Test
    void furtherChecksCountForReadiness() {
        capture.set(Optional.of("the recording has ended"));
        assertProblem(http.get("/readyz"), 503, "not-ready", "capture: the recording has ended");
        assertThat(http.get("/healthz").status()).isEqualTo(200);
    }

    @Test
    void statsAreTotalsAndPartitionsAndCounters() {
        http.get("/v1/events/a");
        JsonNode stats = http.get("/v1/stats").json();
        assertThat(stats.path("total").asInt()).isEqualTo(5);
        assertThat(stats.path("uncommitted").asInt()).isEqualTo(2);
        assertThat(stats.path("queries").asInt()).isEqualTo(1);
        assertThat(stats.path("counters")).hasToString("{\"captured\":7,\"dropped\":1}");
        assertThat(stats.path("partitions").findValuesAsText("total")).containsExactly("2", "3");
    }

    @Test
    void thePageComesWithHeadersThatKeepItToItself() {
        var answer = http.get("/");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("text/html");
        assertThat(answer.header("Content-Security-Policy")).contains("script-src 'self';");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
        assertThat(answer.header("Server")).isEmpty();
        assertThat(http.get("/chart.umd.min.js").status()).isEqualTo(200);
    }

    @Test
    void queriesPastTheMaximumAreRefusedWithAnInvitationToRetry() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (QueryServer narrow = options().maxConcurrentQueries(1).start()) {
            HttpJson client = new HttpJson(narrow.uri());
            streams.beforeAnswer(() -> block(entered, release));
            var first = CompletableFuture.supplyAsync(() -> client.get("/v1/events?limit=1"));
            assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
            var refused = client.get("/v1/events?limit=1");
            release.countDown();
            assertProblem(refused, 503, "overloaded", "(1) are running already");
            assertThat(refused.header("Retry-After")).isEqualTo("1");
            assertThat(first.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
        }
    }

    @Test
    void aQueryThatTakesTooLongIsAProblem() {
        CountDownLatch release = new CountDownLatch(1);
        try (QueryServer hasty = options().queryTimeout(Duration.ofMillis(20)).start()) {
            streams.beforeAnswer(() -> block(new CountDownLatch(1), release));
            assertProblem(new HttpJson(hasty.uri()).get("/v1/events"), 503, "timeout", "within 20 ms");
        } finally {
            release.countDown();
        }
    }

    @Test
    void closeLetsRequestsUnderWayFinish() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        streams.beforeAnswer(() -> block(entered, release));
        var answer = CompletableFuture.supplyAsync(() -> http.get("/v1/events?limit=1"));
        assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
        var closing = CompletableFuture.runAsync(server::close);
        assertThat(http.refusesConnections(Duration.ofSeconds(10))).isTrue();
        release.countDown();
        assertThat(answer.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
        closing.get(10, TimeUnit.SECONDS);
    }

    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatExceptionOfType(QueryServerException.class)
                    .isThrownBy(() -> options().port(other.getLocalPort()).start())
                    .withMessageContaining("127.0.0.1:" + other.getLocalPort() + ": the port is taken");
        }
    }

    @Test
    void aHostThatIsNotOursIsNamed() {
        assertThatExceptionOfType(QueryServerException.class)
                .isThrownBy(() -> options().host("192.0.2.1").start())
                .withMessageContaining("192.0.2.1:0: this machine does not have that address");
    }

    @Test
    void contradictionsAreRefusedAtOnce() {
        assertThatIllegalStateException()
                .isThrownBy(
                        () -> QueryServer.builder(streams, "events", DEFINITION).start())
                .withMessageContaining("renderer");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QueryServer.builder(streams, "evnts", DEFINITION)
                        .renderer(EventJson::toJson)
                        .start())
                .withMessageContaining("'evnts'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options().port(70_000))
                .withMessageContaining("70000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options().maxLimit(0))
                .withMessageContaining("0");
    }

    private static void block(CountDownLatch entered, CountDownLatch release) {
        entered.countDown();
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void assertProblem(HttpJson.Answer answer, int status, String type, String detail) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        JsonNode problem = answer.json();
        assertThat(problem.path("type").textValue()).isEqualTo("urn:forebay:problem:" + type);
        assertThat(problem.path("status").intValue()).isEqualTo(status);
        assertThat(problem.path("title").textValue()).isNotEmpty();
        assertThat(problem.path("detail").textValue()).contains(detail);
        assertThat(problem.path("instance").textValue()).startsWith("/");
        assertThat(problem.has("trace")).isFalse();
    }
}
