package io.forebay.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.serdes.event.Event;
import io.forebay.testing.KafkaFixture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A real application on a real broker, asked over HTTP. */
class QueryServerIT {

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.shared();

    private static final int EVENTS = 3_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private String topic;
    private Path stateDir;
    private List<String> ids;

    @BeforeEach
    void produce() {
        topic = kafka.createTopic(kafka.uniqueName("events"), TraceApplication.PARTITIONS);
        stateDir = Path.of("target", "state", topic);
        List<Event> events = IntStream.range(0, EVENTS)
                .mapToObj(i -> {
                    Event event = Samples.event("id" + i, 1_000_000 + i / 3);
                    event.setProcess("process-" + i % 5);
                    event.setFunction(i % 2 == 0 ? "resize" : "put");
                    return event;
                })
                .toList();
        ids = events.stream().map(Event::getId).toList();
        TraceApplication.produce(kafka, topic, events);
    }

    @Test
    void answersComeFromAllPartitionsInOneOrder() {
        try (TraceApplication app = new TraceApplication(kafka, topic, stateDir).start()) {
            app.awaitTotal(EVENTS);
            assertThat(idsOf(app.http().get("/v1/events?limit=10000"))).isEqualTo(inOrder());
            assertThat(idsOf(app.http().get("/v1/events?limit=7&order=desc")))
                    .isEqualTo(inReverse().subList(0, 7));
            assertThat(idsOf(app.http().get("/v1/events?process=process-3&function=put&from=1000100&to=1000199")))
                    .isEqualTo(inOrder().stream()
                            .filter(id -> number(id) % 5 == 3 && number(id) % 2 == 1)
                            .filter(id -> number(id) / 3 >= 100 && number(id) / 3 <= 199)
                            .toList());
            assertThat(app.http().get("/v1/events/id42").json().path("process").textValue())
                    .isEqualTo("process-2");
            assertThat(app.http().get("/v1/events/id" + EVENTS).status()).isEqualTo(404);

            JsonNode stats = app.http().get("/v1/stats").json();
            assertThat(stats.path("partitions")).hasSize(TraceApplication.PARTITIONS);
            assertThat(stats.at("/counters/indexed").asInt()).isEqualTo(EVENTS);
            assertThat(stats.path("oldest").textValue()).isEqualTo("1970-01-01T00:16:40.000000000Z");
            assertThat(app.server().queries()).isEqualTo(5);
        }
    }

    @Test
    void beforeAndAfterTheApplicationRunsThereIsNoAnswer() {
        try (TraceApplication app = new TraceApplication(kafka, topic, stateDir)) {
            assertUnavailable(app.http().get("/v1/events"), "CREATED");
            assertThat(app.http().get("/readyz").status()).isEqualTo(503);
            assertThat(app.http().get("/healthz").status()).isEqualTo(200);
            app.start();
            await().atMost(TIMEOUT).until(() -> app.http().get("/readyz").status() == 200);
            app.streams().close();
            assertUnavailable(app.http().get("/v1/events"), "NOT_RUNNING");
        }
    }

    /** The first answer after the disk is lost has everything, however early somebody asks. */
    @Test
    void whileStateIsRestoredThereIsNoAnswerRatherThanAPartOfIt() throws Exception {
        try (TraceApplication app = new TraceApplication(kafka, topic, stateDir).start()) {
            app.awaitTotal(EVENTS);
        }
        Utils.delete(stateDir.toFile());
        try (TraceApplication app = new TraceApplication(kafka, topic, stateDir)) {
            List<HttpJson.Answer> answers = new ArrayList<>();
            app.start();
            await().pollInterval(Duration.ofMillis(1)).atMost(TIMEOUT).until(() -> {
                answers.add(app.http().get("/v1/events?limit=10000"));
                return last(answers).status() == 200;
            });
            assertThat(answers.size()).as("refusals before the first answer").isGreaterThan(1);
            answers.subList(0, answers.size() - 1).forEach(answer -> assertUnavailable(answer, ""));
            assertThat(idsOf(last(answers))).isEqualTo(inOrder());
        }
    }

    @Test
    void whilePartitionsMoveBetweenThreadsAnswersAreWholeOrRefused() {
        try (TraceApplication app = new TraceApplication(kafka, topic, stateDir).start()) {
            app.awaitTotal(EVENTS);
            Set<Integer> seen = new HashSet<>();
            assertThat(app.streams().addStreamThread()).isPresent();
            await().pollInterval(Duration.ofMillis(1)).atMost(TIMEOUT).until(() -> {
                HttpJson.Answer answer = app.http().get("/v1/events?limit=10000");
                seen.add(answer.status());
                if (answer.status() == 200) {
                    assertThat(idsOf(answer)).hasSize(EVENTS);
                } else {
                    assertUnavailable(answer, "");
                }
                return seen.containsAll(Set.of(200, 503)) && answer.status() == 200;
            });
        }
    }

    /** By timestamp (three events share one), ties by the text of the id. */
    private List<String> inOrder() {
        List<String> ordered = new ArrayList<>(ids);
        ordered.sort((left, right) -> number(left) / 3 != number(right) / 3
                ? Integer.compare(number(left), number(right))
                : left.compareTo(right));
        return ordered;
    }

    private List<String> inReverse() {
        List<String> reversed = new ArrayList<>(inOrder());
        java.util.Collections.reverse(reversed);
        return reversed;
    }

    private static int number(String id) {
        return Integer.parseInt(id.substring(2));
    }

    private static List<String> idsOf(HttpJson.Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json().path("events").findValuesAsText("id");
    }

    private static HttpJson.Answer last(List<HttpJson.Answer> answers) {
        return answers.get(answers.size() - 1);
    }

    private static void assertUnavailable(HttpJson.Answer answer, String detail) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isEqualTo("1");
        assertThat(answer.json().path("detail").textValue()).contains(detail);
    }
}
