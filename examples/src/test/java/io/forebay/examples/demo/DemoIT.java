package io.forebay.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.examples.cli.RunInfo;
import io.forebay.examples.demo.ForebayProcess.Outcome;
import io.forebay.testing.KafkaFixture;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class DemoIT {

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.shared();

    @TempDir
    Path temp;

    @Test
    void losesNothingThatWasAnsweredWhenItIsKilled() throws Exception {
        Path dataDir = temp.resolve("data");
        List<String> answered;
        try (ForebayProcess first = start(dataDir)) {
            RunInfo info = first.awaitRunning(dataDir);
            ForebayProcess.await(
                    "300 events",
                    () -> first.get(info, "v1/stats")
                            .filter(stats -> stats.get("total").asLong() >= 300));
            answered = newestIds(first, info);
            first.kill();
        }
        assertThat(answered).hasSizeGreaterThan(100);

        try (ForebayProcess second = start(dataDir)) {
            RunInfo info = second.awaitRunning(dataDir);
            for (String id : answered) {
                ForebayProcess.await("event " + id + " again", () -> second.get(info, "v1/events/" + id));
            }
            Outcome stopped = second.terminate();
            assertThat(stopped.exitCode()).as(stopped.err()).isZero();
            assertAccountedFor(stopped);
        }

        Outcome third =
                ForebayProcess.run(temp, "demo", "--port", "0", "--data-dir", dataDir.toString(), "--for", "2s");
        assertThat(third.exitCode()).as(third.err()).isZero();
        assertAccountedFor(third);
    }

    @Test
    void sendsForeignRecordsToTheDeadLetterTopic() throws Exception {
        String topic = kafka.createTopic(kafka.uniqueName("foreign"), 2);
        int foreign = 50;
        kafka.produce(IntStream.range(0, foreign)
                .mapToObj(i -> new ProducerRecord<>(topic, bytes("k" + i), bytes("this is no event " + i)))
                .toList());
        Outcome run = ForebayProcess.run(
                temp,
                "demo",
                "--bootstrap-servers",
                kafka.bootstrapServers(),
                "--topic",
                topic,
                "--application-id",
                topic,
                "--port",
                "0",
                "--data-dir",
                temp.resolve("data").toString(),
                "--for",
                "5s");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.summary().get("deadLettered").asLong()).isEqualTo(foreign);
        assertThat(run.summary().get("indexed").asLong()).isPositive();
        assertThat(kafka.consumeAll(topic + "-dead-letters"))
                .hasSize(foreign)
                .allSatisfy(record -> assertThat(new String(record.value(), StandardCharsets.UTF_8))
                        .startsWith("this is no event"));
    }

    @Test
    void followsItsCapturePlanAndKeepsItOverARestart() throws Exception {
        Path dataDir = temp.resolve("data");
        String onlyLoad = "{\"types\": {\"jdk.CPULoad\": {}}, \"otherTypes\": {\"capture\": false}}";
        Path file = Files.writeString(temp.resolve("plan.json"), onlyLoad);
        String[] set = {"plan", "set", "demo", file.toString(), "--data-dir", dataDir.toString()};
        try (ForebayProcess first = start(dataDir)) {
            RunInfo info = first.awaitRunning(dataDir);
            ForebayProcess.await(
                    "another type",
                    () -> first.get(info, "v1/events?type=jdk.ThreadPark&limit=1")
                            .filter(answer -> answer.get("events").size() == 1));
            Outcome changed = ForebayProcess.run(temp, set);
            assertThat(changed.exitCode()).as(changed.err()).isZero();
            assertThat(first.get(info, "v1/capture-plans/demo").orElseThrow().at("/otherTypes/capture"))
                    .hasToString("false");
            awaitOnlyLoad(first, info);
            Path wrong = Files.writeString(temp.resolve("wrong.json"), "{\"types\": {\"jdk.CPULoad\": true}}");
            String directory = dataDir.toString();
            assertFails(
                    1,
                    "/types/jdk.CPULoad: is true; expected an object",
                    List.of("plan", "set", "demo", wrong.toString(), "--data-dir", directory));
            assertFails(
                    1,
                    "was expected to have version 999",
                    List.of("plan", "set", "demo", file.toString(), "--if-version", "999", "--data-dir", directory));
            first.kill();
        }
        try (ForebayProcess second = start(dataDir)) {
            String started = Instant.now().toString();
            RunInfo info = second.awaitRunning(dataDir);
            ForebayProcess.await(
                    "load",
                    () -> second.get(info, "v1/events?type=jdk.CPULoad&limit=3&from=" + started)
                            .filter(answer -> answer.get("events").size() == 3));
            assertThat(typesSince(second, info, started)).containsExactly("jdk.CPULoad");
            Outcome deleted = ForebayProcess.run(temp, "plan", "delete", "demo", "--data-dir", dataDir.toString());
            assertThat(deleted.exitCode()).as(deleted.err()).isZero();
            ForebayProcess.await(
                    "another type",
                    () -> Optional.of(typesSince(second, info, started)).filter(types -> types.size() > 1));
        }
    }

    /** Two samples of the load after another, between which nothing else has happened. */
    private static void awaitOnlyLoad(ForebayProcess demo, RunInfo info) {
        ForebayProcess.await(
                "nothing but load",
                () -> demo.get(info, "v1/events?order=desc&limit=3")
                        .filter(answer -> answer.get("events").findValuesAsText("type").stream()
                                .allMatch("jdk.CPULoad"::equals)));
    }

    private static Set<String> typesSince(ForebayProcess demo, RunInfo info, String from) {
        JsonNode page = ForebayProcess.await("page", () -> demo.get(info, "v1/events?limit=1000&from=" + from));
        return new TreeSet<>(page.get("events").findValuesAsText("type"));
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        Path dataDir = temp.resolve("data");
        Map<List<String>, String> mistakes = Map.of(
                List.of("demo", "--colour"), "--colour",
                List.of("demo", "--for", "soon"), "'soon' is not a duration",
                List.of("demo", "--port", "70000"), "--port=70000",
                List.of("demo", "--attach", "nowhere"), "'nowhere' is not an address");
        for (Map.Entry<List<String>, String> mistake : mistakes.entrySet()) {
            assertFails(2, mistake.getValue(), mistake.getKey());
        }
        assertFails(
                1,
                "no Kafka broker answers at localhost:1",
                List.of("demo", "--bootstrap-servers", "localhost:1", "--data-dir", dataDir.toString()));
        try (ServerSocket taken = new ServerSocket(0)) {
            String port = Integer.toString(taken.getLocalPort());
            assertFails(1, port, List.of("demo", "--port", port, "--data-dir", dataDir.toString()));
        }
        try (ForebayProcess first = start(dataDir)) {
            first.awaitRunning(dataDir);
            assertFails(1, "in use by another instance", List.of("demo", "--data-dir", dataDir.toString()));
        }
    }

    private void assertFails(int exitCode, String message, List<String> arguments) throws Exception {
        Outcome outcome = ForebayProcess.run(temp, arguments.toArray(String[]::new));
        assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(exitCode);
        assertThat(outcome.err()).contains(message).doesNotContain("\tat ");
    }

    private ForebayProcess start(Path dataDir) throws Exception {
        return ForebayProcess.start(temp, "demo", "--port", "0", "--data-dir", dataDir.toString());
    }

    private static List<String> newestIds(ForebayProcess demo, RunInfo info) {
        JsonNode page = ForebayProcess.await("page", () -> demo.get(info, "v1/events?order=desc&limit=300"));
        return StreamSupport.stream(page.get("events").spliterator(), false)
                .map(event -> event.get("id").asText())
                .toList();
    }

    /** Everything accepted is indexed; an earlier run may have left more to index than this one published. */
    private static void assertAccountedFor(Outcome outcome) {
        JsonNode summary = outcome.summary();
        assertThat(summary.get("captured").asLong()).isPositive();
        assertThat(summary.get("published").asLong() + summary.get("dropped").asLong())
                .isEqualTo(summary.get("captured").asLong());
        assertThat(summary.get("indexed").asLong())
                .isGreaterThanOrEqualTo(summary.get("published").asLong());
        assertThat(summary.get("deadLettered").asLong()).isZero();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
