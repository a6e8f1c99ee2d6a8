package io.forebay.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.examples.readme.PaymentsTopology.Payment;
import io.forebay.store.EventQuery;
import io.forebay.store.EventStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadmeTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Path SOURCES = Path.of("src", "test", "java", "io", "forebay", "examples", "readme");

    @ParameterizedTest
    @CsvSource({"README.md, README", "docs/guarantees.md, guarantees"})
    void showsCodeThatIsCompiled(String document, String mark) throws IOException {
        Pattern snippet =
                Pattern.compile(" *// " + mark + ": (?!end)\\w+\n(.*?) *// " + mark + ": end", Pattern.DOTALL);
        String sources = Files.readString(SOURCES.resolve("PaymentsTopology.java"))
                + Files.readString(SOURCES.resolve("StepsTopology.java"));
        assertThat(blocks(JAVA_BLOCK, Files.readString(ROOT.resolve(document))))
                .as("java blocks of " + document)
                .isNotEmpty()
                .isEqualTo(blocks(snippet, sources));
    }

    @Test
    void linksToFilesThatExist() throws IOException {
        Pattern link = Pattern.compile("\\]\\((?!http|#)([^)#]+)");
        for (String document : List.of("README.md", "CONTRIBUTING.md")) {
            for (String target : blocks(link, Files.readString(ROOT.resolve(document)))) {
                assertThat(ROOT.resolve(target)).as(document).exists();
            }
        }
    }

    @Test
    @SuppressWarnings("unchecked")
    void showsCodeThatWorks() {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "readme");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
        config.put(StreamsConfig.STATE_DIR_CONFIG, "target/readme");
        try (TopologyTestDriver driver =
                new TopologyTestDriver(PaymentsTopology.build(paymentSerde()).build(), config)) {
            TestInputTopic<String, Payment> input = driver.createInputTopic(
                    "payments", new StringSerializer(), paymentSerde().serializer());
            Payment payment = new Payment("p1", Instant.parse("2026-01-02T03:04:05Z"), "ann", "Ghent", "3");
            input.pipeInput("p1", payment);
            EventStore<Payment> store =
                    (EventStore<Payment>) Objects.requireNonNull(driver.getStateStore("payments-by"));
            assertThat(store.query(EventQuery.<Payment>all().equal("place", "Ghent"))
                            .events())
                    .containsExactly(payment);
            assertThat(store.query(EventQuery.<Payment>all().equal("place", null, "4"))
                            .events())
                    .isEmpty();
        }
    }

    private static List<String> blocks(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(ReadmeTest::withoutIndent).toList();
    }

    private static String withoutIndent(MatchResult block) {
        return block.group(1).stripTrailing().stripIndent();
    }

    static Serde<Payment> paymentSerde() {
        return Serdes.serdeFrom(
                (topic, payment) -> String.join(
                                "|",
                                payment.id(),
                                payment.at().toString(),
                                payment.customer(),
                                payment.shop(),
                                payment.till())
                        .getBytes(StandardCharsets.UTF_8),
                (topic, bytes) -> {
                    String[] fields = new String(bytes, StandardCharsets.UTF_8).split("\\|");
                    return new Payment(fields[0], Instant.parse(fields[1]), fields[2], fields[3], fields[4]);
                });
    }
}
