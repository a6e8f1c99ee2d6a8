package io.forebay.examples.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.serdes.AvroSerdes;
import io.forebay.serdes.event.Event;
import io.forebay.testing.KafkaFixture;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command against a real broker. */
class IngestIT {

    @RegisterExtension
    static final KafkaFixture KAFKA = KafkaFixture.shared();

    private static final int LINES = 5_000;

    @TempDir
    Path directory;

    @Test
    void writesAvroKeyedByIdsThatStayTheSame() throws IOException {
        String topic = KAFKA.createTopic(KAFKA.uniqueName("ingest"), 4);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < LINES; i++) {
            text.append(String.format(
                    Locale.ROOT,
                    "2026-03-01T12:%02d:%02d.%03dZ [worker-%d] line %d%n",
                    i / 3600,
                    i / 60 % 60,
                    i % 1000,
                    i % 7,
                    i));
        }
        text.append("no event\n");
        Path file = Files.writeString(directory.resolve("app.log"), text);

        assertThat(ingest(topic, file))
                .matches("ingested 5000 events from .*app.log \\(1 lines did not match\\) in \\d+\\.\\d s\\R");
        List<ConsumerRecord<byte[], byte[]>> first = KAFKA.consumeAll(topic);
        assertThat(first).hasSize(LINES);
        assertThat(first.stream().map(IngestIT::key)).doesNotHaveDuplicates();
        try (Serde<Event> serde = AvroSerdes.specific(Event.class).build()) {
            assertThat(first).allSatisfy(record -> {
                Event event = serde.deserializer().deserialize(topic, record.value());
                assertThat(event.getId()).isEqualTo(key(record));
                assertThat(event.getProcess()).startsWith("worker-");
                assertThat(event.getAttributes().get("message")).startsWith("line ");
            });
        }

        ingest(topic, file);
        List<ConsumerRecord<byte[], byte[]>> both = KAFKA.consumeAll(topic);
        assertThat(both).hasSize(2 * LINES);
        assertThat(both.stream().map(IngestIT::key).distinct()).hasSize(LINES);
    }

    @Test
    void aTopicThatDoesNotExistIsNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("app.log"), "2026-03-01T12:00:00Z [a] b\n");
        String topic = KAFKA.uniqueName("missing");
        StringWriter err = new StringWriter();

        int exitCode = command(topic, file, new StringWriter(), err);

        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString()).contains("topic '" + topic + "' does not exist at " + KAFKA.bootstrapServers());
    }

    private static String ingest(String topic, Path file) {
        StringWriter out = new StringWriter();
        assertThat(command(topic, file, out, new StringWriter())).isZero();
        return out.toString();
    }

    private static int command(String topic, Path file, StringWriter out, StringWriter err) {
        return new CommandLine(new IngestCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(
                        "--bootstrap-servers=" + KAFKA.bootstrapServers(),
                        "--topic=" + topic,
                        "--regex=(?<timestamp>\\S+) \\[(?<process>[^]]+)] (?<message>.*)",
                        file.toString());
    }

    private static String key(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.key(), StandardCharsets.UTF_8);
    }
}
