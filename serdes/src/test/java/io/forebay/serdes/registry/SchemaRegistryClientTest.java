package io.forebay.serdes.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.serdes.registry.StubServer.Reply;
import io.forebay.serdes.registry.StubServer.Request;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.common.errors.InterruptException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaRegistryClientTest {
    private static final Schema SCHEMA =
            SchemaBuilder.record("a.B").fields().requiredString("s").endRecord();
    private static final Reply FOUND = new Reply(200, "{\"schema\": \"\\\"string\\\"\"}");

    private final List<StubServer> servers = new ArrayList<>();
    private final List<Duration> pauses = new ArrayList<>();
    private final AtomicLong nanoTime = new AtomicLong();

    @AfterEach
    void stopServers() {
        servers.forEach(StubServer::close);
    }

    @Test
    void schemasAndIdsAreAskedForOnceUntilTheCacheIsFull() {
        StubServer server = serve(request -> request.method().equals("POST") ? new Reply(200, "{\"id\": 7}") : FOUND);
        var client = client(SchemaRegistryClient.builder(server.url()).maxCachedSchemas(2));
        for (int round = 0; round < 3; round++) {
            assertThat(client.register("s", SCHEMA)).isEqualTo(7);
            assertThat(client.schema(7).getType())
                    .isEqualTo(Schema.Type.STRING); // it is the registry's word that counts
            assertThat(client.schema(1).getType()).isEqualTo(Schema.Type.STRING);
        }
        assertThat(server.requests()).hasSize(3);
        client.schema(2); // pushes 7 out
        client.schema(7);
        assertThat(server.requests()).hasSize(5);
    }

    /** A registry that compares schemas loosely gives one id to several; all readers have to see the same one. */
    @Test
    void anIdStandsForWhatTheRegistryHasAndNotForWhatWasLookedUp() {
        Schema withHint = new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"a.B\",\"fields\":[{\"name\":\"s\",\"type\":"
                        + "{\"type\":\"string\",\"avro.java.string\":\"String\"},\"default\":\"mine\"}]}");
        String registered = SCHEMA.toString().replace("\"", "\\\"");
        StubServer server = serve(request -> new Reply(200, "{\"id\":7,\"schema\":\"" + registered + "\"}"));
        var registering = client(SchemaRegistryClient.builder(server.url()));
        assertThat(registering.register("s", withHint)).isEqualTo(7);
        assertThat(registering.schema(7)).isEqualTo(SCHEMA);
        var finding = client(SchemaRegistryClient.builder(server.url()));
        assertThat(finding.idOf("s", withHint)).isEqualTo(7);
        assertThat(finding.schema(7)).isEqualTo(SCHEMA);
    }

    @Test
    void anAnswerThatIsTooLargeIsRefusedAtOnce() {
        StubServer server = serve(request -> new Reply(200, "x".repeat((16 << 20) + 1)));
        var client = client(SchemaRegistryClient.builder(server.url()));
        assertThatThrownBy(() -> client.schema(1))
                .isExactlyInstanceOf(SchemaRegistryException.class)
                .hasMessageContainingAll(server.url(), "more than 16777216 bytes");
        assertThat(server.requests()).hasSize(1);
        assertThat(pauses).isEmpty();
    }

    @Test
    void aSchemaOfSeveralMegabytesIsNotTooLarge() {
        StubServer server = serve(
                request -> new Reply(200, "{\"schema\":\"\\\"string\\\"\",\"pad\":\"" + "x".repeat(8 << 20) + "\"}"));
        assertThat(client(SchemaRegistryClient.builder(server.url())).schema(1).getType())
                .isEqualTo(Schema.Type.STRING);
    }

    /** On Java 17 a client's last thread ends when the client is collected, so nobody may hold it any more. */
    @Test
    void closingEndsEveryThreadAndTwiceIsOnce() {
        StubServer server = serve(request -> FOUND);
        Set<Thread> before = clientThreads();
        List<SchemaRegistryClient> closed = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            var client = client(SchemaRegistryClient.builder(server.url()));
            client.schema(1);
            closed.add(client);
        }
        assertThat(clientThreads()).hasSizeGreaterThanOrEqualTo(before.size() + 10);
        closed.forEach(SchemaRegistryClient::close);
        closed.forEach(SchemaRegistryClient::close);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
            System.gc();
            return before.containsAll(clientThreads());
        });
        assertThat(closed.get(0).schema(2).getType()).isEqualTo(Schema.Type.STRING); // connects anew
        closed.get(0).close();
    }

    private static Set<Thread> clientThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("HttpClient-")
                        || thread.getName().startsWith("forebay-schema-registry"))
                .collect(Collectors.toSet());
    }

    @Test
    void theLatestVersionIsBelievedForAWhileAndLongerIfNobodyAnswers() {
        Deque<Reply> replies = new ArrayDeque<>(List.of(latest(1), latest(2)));
        StubServer server = serve(request -> replies.isEmpty() ? new Reply(503, "") : replies.poll());
        var client = client(SchemaRegistryClient.builder(server.url()).latestTtl(Duration.ofSeconds(10)));
        assertThat(client.latest("s").version()).isEqualTo(1);
        nanoTime.addAndGet(Duration.ofSeconds(10).toNanos());
        assertThat(client.latest("s").version()).isEqualTo(1);
        nanoTime.addAndGet(1);
        assertThat(client.latest("s").version()).isEqualTo(2);
        nanoTime.addAndGet(Duration.ofSeconds(20).toNanos());
        assertThat(client.latest("s").version()).isEqualTo(2);
    }

    private static Reply latest(int version) {
        return new Reply(
                200,
                "{\"subject\": \"s\", \"version\": " + version + ", \"id\": " + version
                        + ", \"schema\": \"\\\"string\\\"\"}");
    }

    @Test
    void anUnknownIdIsNotAskedForAgainForAWhile() {
        StubServer server =
                serve(request -> new Reply(404, "{\"error_code\": 40403, \"message\": \"Schema not found\"}"));
        var client = client(SchemaRegistryClient.builder(server.url()));
        for (int round = 0; round < 3; round++) {
            assertThatThrownBy(() -> client.schema(9))
                    .isInstanceOf(UnknownSchemaException.class)
                    .hasMessageContainingAll("schema id=9", "Schema not found");
        }
        assertThat(server.requests()).hasSize(1);
        nanoTime.addAndGet(Duration.ofSeconds(6).toNanos());
        assertThatThrownBy(() -> client.schema(9)).isInstanceOf(UnknownSchemaException.class);
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void anUnknownSchemaIsLookedForInAllVersionsAndThenNotForAWhile() {
        StubServer server = serve(request -> {
            if (request.path().endsWith("/versions")) {
                return new Reply(200, "[1,2,3]");
            }
            return request.method().equals("POST")
                    ? new Reply(404, "{\"error_code\": 40403, \"message\": \"Schema not found\"}")
                    : latest(1);
        });
        var client = client(SchemaRegistryClient.builder(server.url()));
        for (int round = 0; round < 3; round++) {
            assertThatThrownBy(() -> client.idOf("s", SCHEMA))
                    .isInstanceOf(UnknownSchemaException.class)
                    .hasMessageContaining("Schema not found");
        }
        assertThat(server.requests()).hasSize(5);
        nanoTime.addAndGet(Duration.ofSeconds(6).toNanos());
        assertThatThrownBy(() -> client.idOf("s", SCHEMA)).isInstanceOf(UnknownSchemaException.class);
        assertThat(server.requests()).hasSize(10);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    void answersThatMayPassAreTriedAgainWithGrowingPauses(int status) {
        Deque<Reply> replies = new ArrayDeque<>(List.of(new Reply(status, "busy"), new Reply(status, "busy"), FOUND));
        StubServer server = serve(request -> replies.poll());
        client(SchemaRegistryClient.builder(server.url()).retries(2, Duration.ofMillis(100)))
                .schema(1);
        assertThat(server.requests()).hasSize(3);
        assertThat(pauses).hasSize(2);
        assertThat(pauses.get(0)).isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
        assertThat(pauses.get(1)).isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
    }

    @Test
    void retriesEndWithTheLastReason() {
        StubServer server = serve(request -> new Reply(503, "<html>maintenance</html>"));
        var client = client(SchemaRegistryClient.builder(server.url()).retries(2, Duration.ofMillis(1)));
        assertThatThrownBy(() -> client.schema(1))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContainingAll(server.url(), "3 attempts", "503", "maintenance");
    }

    @Test
    void theNextUrlIsTriedAtOnceAndRemembered() {
        StubServer dead = serve(request -> FOUND);
        StubServer alive = serve(request -> FOUND);
        dead.close();
        var client = client(SchemaRegistryClient.builder(dead.url(), alive.url()));
        client.schema(1);
        client.schema(2);
        assertThat(alive.requests()).hasSize(2);
        assertThat(pauses).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "404 | {\"error_code\": 40401, \"message\": \"m\"} | UnknownSubjectException",
                "404 | {\"error_code\": 40403, \"message\": \"m\"} | UnknownSchemaException",
                "409 | {\"error_code\": 409, \"message\": \"m\"}   | IncompatibleSchemaException",
                "422 | {\"error_code\": 42201, \"message\": \"m\"} | SchemaRegistryException",
                "401 | {\"error_code\": 401, \"message\": \"m\"}   | SchemaRegistryException",
                "400 | m                                           | SchemaRegistryException",
                "200 | <html>m</html>                              | SchemaRegistryException",
                "200 | {\"m\": 1}                                  | SchemaRegistryException",
            })
    void everyRefusalHasATypeAndTheRegistrysMessageAndIsNotTriedAgain(int status, String body, String type) {
        StubServer server = serve(request -> new Reply(status, body));
        var client = client(SchemaRegistryClient.builder(server.url()));
        assertThatThrownBy(() -> client.register("my subject/1", SCHEMA))
                .hasMessageContaining("m")
                .satisfies(e -> assertThat(e.getClass().getSimpleName()).isEqualTo(type));
        assertThat(server.requests()).hasSize(1);
        assertThat(server.requests().get(0).path()).startsWith("/subjects/my%20subject%2F1");
    }

    @Test
    void credentialsInAUrlAreNotRepeated() {
        for (String url : List.of(
                "https://me:s3cret@schema_registry:8081", "http://me:s3cret@host:80 81", "me:s3cret@host:8081")) {
            assertThatThrownBy(() -> SchemaRegistryClient.builder(url))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasNoCause()
                    .hasMessageContaining("***@")
                    .message()
                    .doesNotContain("s3cret");
        }
    }

    @Test
    void timeOutsCountAsNoAnswer() {
        Object never = new Object();
        StubServer server = serve(request -> {
            synchronized (never) {
                try {
                    never.wait(5_000);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return FOUND;
            }
        });
        var client = client(SchemaRegistryClient.builder(server.url())
                .requestTimeout(Duration.ofMillis(50))
                .retries(0, Duration.ofMillis(1)));
        assertThatThrownBy(() -> client.schema(1))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("timed out");
        synchronized (never) {
            never.notifyAll();
        }
    }

    @Test
    void anInterruptEndsTheWaitAndIsKept() {
        StubServer server = serve(request -> FOUND);
        Thread.currentThread().interrupt();
        assertThatThrownBy(
                        () -> client(SchemaRegistryClient.builder(server.url())).schema(1))
                .isInstanceOf(InterruptException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void credentialsAreSent() {
        StubServer server = serve(request -> FOUND);
        client(SchemaRegistryClient.builder(server.url()).basicAuth("me", "se:cret"))
                .schema(1);
        client(SchemaRegistryClient.builder(server.url()).bearerToken("token")).schema(1);
        client(SchemaRegistryClient.builder(server.url().replace("http://", "http://me:se%3Acret@")))
                .schema(1);
        client(SchemaRegistryClient.builder(server.url())).schema(1);
        assertThat(server.requests())
                .extracting(Request::authorization)
                .containsExactly("Basic bWU6c2U6Y3JldA==", "Bearer token", "Basic bWU6c2U6Y3JldA==", null);
    }

    @Test
    void redirectsAreNotFollowedSoThatCredentialsStayWhereTheyBelong() {
        StubServer server = serve(request -> new Reply(302, "elsewhere"));
        var client = client(SchemaRegistryClient.builder(server.url()).bearerToken("token"));
        assertThatThrownBy(() -> client.schema(1))
                .isInstanceOf(SchemaRegistryException.class)
                .hasMessageContaining("status=302");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void aSchemaOfAnotherKindOrOneThatCannotBeParsedIsRefused() {
        Deque<String> bodies = new ArrayDeque<>(List.of(
                "{\"schemaType\": \"PROTOBUF\", \"schema\": \"syntax\"}",
                "{\"schema\": \"{\\\"type\\\": \\\"nonsense\\\"}\"}"));
        StubServer server = serve(request -> new Reply(200, bodies.remove()));
        var client = client(SchemaRegistryClient.builder(server.url()));
        assertThatThrownBy(() -> client.schema(1))
                .isInstanceOf(SchemaRegistryException.class)
                .hasMessageContaining("PROTOBUF");
        assertThatThrownBy(() -> client.schema(2))
                .isInstanceOf(SchemaRegistryException.class)
                .hasMessageContaining("nonsense");
    }

    @Test
    void optionsOutOfRangeAreRefusedNamingTheValue() {
        var builder = SchemaRegistryClient.builder("http://localhost:1");
        assertThatThrownBy(() -> builder.maxCachedSchemas(0).build())
                .hasMessageContaining("maxCachedSchemas")
                .hasMessageContaining("0");
        assertThatThrownBy(() -> SchemaRegistryClient.builder().build()).hasMessageContaining("URL");
        assertThatThrownBy(() -> SchemaRegistryClient.builder("ftp://x")).hasMessageContaining("ftp://x");
        assertThatThrownBy(() -> SchemaRegistryClient.builder("http://a b")).hasMessageContaining("http://a b");
        assertThatThrownBy(() -> SchemaRegistryClient.builder("http://u:p@x").bearerToken("t"))
                .hasMessageContaining("twice");
    }

    private StubServer serve(Function<Request, Reply> replies) {
        StubServer server = new StubServer(replies);
        servers.add(server);
        return server;
    }

    private SchemaRegistryClient client(SchemaRegistryClient.Builder builder) {
        return new SchemaRegistryClient(builder.options(), pauses::add, nanoTime::get);
    }
}
