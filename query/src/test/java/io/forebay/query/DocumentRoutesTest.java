package io.forebay.query;

import static io.forebay.query.Samples.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.query.HttpJson.Answer;
import io.forebay.serdes.EventJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentRoutesTest {

    private final Notes notes = new Notes();
    private QueryServer server;
    private HttpJson http;

    /** Documents in memory, which must have a text. */
    private static class Notes implements DocumentCollection {

        private final Map<String, Document> documents = new ConcurrentSkipListMap<>();
        private final AtomicLong versions = new AtomicLong();
        private final CountDownLatch entered = new CountDownLatch(4);
        private volatile @Nullable CountDownLatch hold;
        private volatile boolean broken;

        @Override
        public String path() {
            return "notes";
        }

        @Override
        public String noun() {
            return "note";
        }

        @Override
        public List<Document> list() {
            requireWhole();
            return List.copyOf(documents.values());
        }

        @Override
        public Optional<Document> find(String name) {
            requireWhole();
            return Optional.ofNullable(documents.get(name));
        }

        @Override
        public Document put(String name, JsonNode content, long expectedVersion) {
            awaitTurn();
            if (!content.path("text").isTextual()) {
                throw DocumentException.invalid("a note needs a text", "/text");
            }
            requireVersion(name, expectedVersion);
            Document document = new Document(name, versions.incrementAndGet(), content);
            documents.put(name, document);
            return document;
        }

        @Override
        public void delete(String name, long expectedVersion) {
            requireVersion(name, expectedVersion);
            documents.remove(name);
        }

        private void requireVersion(String name, long expected) {
            Document current = documents.get(name);
            Long version = current == null ? null : current.version();
            if (expected != ANY && expected != (version == null ? NONE : version)) {
                throw DocumentException.conflict("the note has version " + version, version);
            }
        }

        private void requireWhole() {
            if (broken) {
                throw DocumentException.unavailable("the notes are out", new IllegalStateException("secret"));
            }
        }

        private void awaitTurn() {
            CountDownLatch latch = hold;
            if (latch != null) {
                entered.countDown();
                try {
                    latch.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    @BeforeEach
    void start() {
        server = QueryServer.builder(new PartitionsStub().partition(0, event("a", 1)), "events", Samples.DEFINITION)
                .renderer(EventJson::toJson)
                .documents(notes)
                .port(0)
                .start();
        http = new HttpJson(server.uri());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aDocumentIsMadeReadChangedAndDeleted() {
        assertProblem(http.get("/v1/notes/one"), 404, "document-not-found", "no note with the name 'one'");
        Answer made = http.send("PUT", "/v1/notes/one", "{\"text\": \"a\"}", "Content-Type", "application/json");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.header("ETag")).isEqualTo("\"1\"");
        assertThat(made.body()).isEqualTo("{\"text\":\"a\"}");

        Answer read = http.get("/v1/notes/one");
        assertThat(read.status()).isEqualTo(200);
        assertThat(read.header("ETag")).isEqualTo("\"1\"");
        assertThat(read.body()).isEqualTo("{\"text\":\"a\"}");

        Answer changed = http.send("PUT", "/v1/notes/one", "{\"text\": \"b\"}", "If-Match", "\"1\"");
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.header("ETag")).isEqualTo("\"2\"");
        assertThat(http.get("/v1/notes").body())
                .isEqualTo("{\"documents\":[{\"name\":\"one\",\"version\":2,\"content\":{\"text\":\"b\"}}]}");

        Answer gone = http.send("DELETE", "/v1/notes/one", "", "If-Match", "\"2\"");
        assertThat(gone.status()).isEqualTo(204);
        assertThat(gone.body()).isEmpty();
        assertThat(http.get("/v1/notes").body()).isEqualTo("{\"documents\":[]}");
    }

    @Test
    void whatHasNotChangedIsNotSentAgain() {
        http.send("PUT", "/v1/notes/one", "{\"text\": \"a\"}");
        Answer same = http.send("GET", "/v1/notes/one", "", "If-None-Match", "\"1\"");
        assertThat(same.status()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        assertThat(http.send("GET", "/v1/notes/one", "", "If-None-Match", "\"7\"")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void nobodyOverwritesByAccident() {
        http.send("PUT", "/v1/notes/one", "{\"text\": \"a\"}");
        Answer blind = http.send("PUT", "/v1/notes/one", "{\"text\": \"b\"}");
        assertProblem(blind, 428, "precondition-required", "If-Match: *");
        Answer late = http.send("PUT", "/v1/notes/one", "{\"text\": \"b\"}", "If-Match", "\"17\"");
        assertProblem(late, 412, "version-conflict", "the note has version 1");
        assertThat(late.json().path("version").longValue()).isEqualTo(1);
        Answer notNew = http.send("PUT", "/v1/notes/one", "{\"text\": \"b\"}", "If-None-Match", "*");
        assertProblem(notNew, 412, "version-conflict", "the note has version 1");
        assertProblem(http.send("DELETE", "/v1/notes/one"), 428, "precondition-required", "If-Match");
        assertProblem(
                http.send("DELETE", "/v1/notes/one", "", "If-Match", "\"17\""), 412, "version-conflict", "version 1");
        assertThat(http.get("/v1/notes/one").json().path("text").textValue()).isEqualTo("a");

        assertThat(http.send("PUT", "/v1/notes/one", "{\"text\": \"c\"}", "If-Match", "*")
                        .status())
                .isEqualTo(200);
        assertThat(http.send("DELETE", "/v1/notes/one", "", "If-Match", "*").status())
                .isEqualTo(204);
        assertProblem(http.send("DELETE", "/v1/notes/one", "", "If-Match", "*"), 404, "document-not-found", "no note");
        Answer nothing = http.send("PUT", "/v1/notes/one", "{\"text\": \"d\"}", "If-Match", "*");
        assertProblem(nothing, 412, "version-conflict", "no note with the name 'one' to replace");
        assertThat(nothing.json().path("version").isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"text\": \"a\"} {} | invalid-document | this is no JSON",
                "{\"text\":           | invalid-document | line 1, column",
                "{\"text\":1,\"text\":2} | invalid-document | Duplicate field",
                "{}                   | invalid-document | a note needs a text",
            })
    void documentsThatAreNotValidAreRefused(String body, String type, String message) {
        assertProblem(http.send("PUT", "/v1/notes/one", body), 400, type, message);
        assertThat(http.get("/v1/notes/one").status()).isEqualTo(404);
    }

    @Test
    void whereADocumentIsWrongIsSaid() {
        Answer refused = http.send("PUT", "/v1/notes/one", "{}");
        assertThat(refused.json().path("pointer").textValue()).isEqualTo("/text");
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "W/\"17\"", "\"a\"", "\"1\", \"2\"", "\"99999999999999999999\"", "\"-1\""})
    void anOddPreconditionIsRefused(String ifMatch) {
        Answer answer = http.send("PUT", "/v1/notes/one", "{\"text\": \"a\"}", "If-Match", ifMatch);
        assertProblem(answer, 400, "bad-request", ifMatch);
    }

    @Test
    void contradictionsAreRefused() {
        Answer both = http.send("PUT", "/v1/notes/one", "{\"text\": \"a\"}", "If-Match", "\"1\"", "If-None-Match", "*");
        assertProblem(both, 400, "bad-request", "contradict");
        Answer odd = http.send("PUT", "/v1/notes/one", "{\"text\": \"a\"}", "If-None-Match", "\"1\"");
        assertProblem(odd, 400, "bad-request", "except for *");
        assertProblem(http.get("/v1/notes/one?x=1"), 400, "invalid-parameter", "no parameter 'x'");
    }

    @Test
    void aBodyIsBoundedAndOfAKnownType() {
        String large = "{\"text\": \"" + "a".repeat(65_536) + "\"}";
        assertProblem(http.send("PUT", "/v1/notes/one", large), 413, "http-413", "65536");
        Answer text = http.send("PUT", "/v1/notes/one", "{\"text\": \"a\"}", "Content-Type", "text/plain");
        assertProblem(text, 415, "http-415", "application/json");
    }

    @Test
    void otherMethodsAreNamed() {
        Answer post = http.send("POST", "/v1/notes/one", "{}");
        assertProblem(post, 405, "method-not-allowed", "POST");
        assertThat(post.header("Allow").split(", ")).containsExactlyInAnyOrder("GET", "HEAD", "PUT", "DELETE");
        assertThat(http.send("PUT", "/v1/notes", "{}").status()).isEqualTo(405);
        assertThat(http.send("PUT", "/v1/events/a", "{}").status()).isEqualTo(405);
    }

    @Test
    void documentsThatAreOutAreOutForAMoment() {
        notes.broken = true;
        for (Answer answer : List.of(http.get("/v1/notes"), http.get("/v1/notes/one"))) {
            assertProblem(answer, 503, "unavailable", "the notes are out");
            assertThat(answer.header("Retry-After")).isEqualTo("1");
            assertThat(answer.body()).doesNotContain("secret");
        }
    }

    @Test
    void changesUnderWayAreBounded() throws InterruptedException {
        CountDownLatch hold = new CountDownLatch(1);
        notes.hold = hold;
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String path = "/v1/notes/n" + i;
            Thread writer = new Thread(() -> http.send("PUT", path, "{\"text\": \"a\"}"));
            writer.start();
            writers.add(writer);
        }
        assertThat(notes.entered.await(30, TimeUnit.SECONDS)).isTrue();
        assertProblem(http.send("PUT", "/v1/notes/n5", "{\"text\": \"a\"}"), 503, "overloaded", "4");
        hold.countDown();
        for (Thread writer : writers) {
            writer.join();
        }
        assertThat(http.get("/v1/notes").json().path("documents")).hasSize(4);
        assertThat(http.send("PUT", "/v1/notes/n5", "{\"text\": \"a\"}").status())
                .isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"events", "stats", "rate", "notes", "Notes", "a/b", "", "-a"})
    void aPathIsTakenOnce(String path) {
        DocumentCollection other = new Notes() {
            @Override
            public String path() {
                return path;
            }
        };
        var options = QueryServer.builder(new PartitionsStub(), "events", Samples.DEFINITION)
                .documents(notes);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.documents(other))
                .withMessageContaining("path=" + path);
    }

    private static void assertProblem(Answer answer, int status, String type, String detail) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.json().path("type").textValue()).isEqualTo("urn:forebay:problem:" + type);
        assertThat(answer.json().path("detail").textValue()).contains(detail);
    }
}
