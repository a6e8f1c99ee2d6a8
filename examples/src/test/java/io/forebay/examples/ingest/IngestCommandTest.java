package io.forebay.examples.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.examples.cli.UserError;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class IngestCommandTest {

    private static final String REGEX = "(?<timestamp>\\S+) (?<message>.*)";

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void writeFile() throws IOException {
        file = Files.writeString(directory.resolve("app.log"), "2026-03-01T12:00:00Z hello\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--regex=(?<message>.*) | no group 'timestamp'",
                "--regex=(?<timestamp>.*)(?<host>.*) | unknown group 'host'",
                "--regex=(?<timestamp>.* | is not a regular expression",
                "--map=host=h | unknown field 'host'",
                "--timestamp-format=nonsense | 'nonsense'",
                "--zone=Mars/Olympus | --zone=Mars/Olympus",
                "--charset=utf-88 | --charset=utf-88",
                "--charset=UTF-16 | UTF-16",
                "--max-line-bytes=5 | --max-line-bytes=5",
                "--max-line-bytes=99999999 | --max-line-bytes=99999999",
                "--show=-1 | --show=-1",
                "--year=MMXX | MMXX",
                "--no-such-option | --no-such-option"
            })
    void wrongOptionsAreUsageErrors(String option, String expected) {
        Run run = run("--bootstrap-servers=127.0.0.1:1", option, file.toString());

        assertThat(run.exitCode).isEqualTo(2);
        assertThat(run.message.lines().findFirst())
                .hasValueSatisfying(line -> assertThat(line).contains(expected));
    }

    @Test
    void contradictionsAreUsageErrors() {
        assertThat(run("--regex=" + REGEX, "--map=process=host", file.toString()).exitCode)
                .isEqualTo(2);
        assertThat(run("-", "-").exitCode).isEqualTo(2);
        assertThat(run().exitCode).isEqualTo(2);
    }

    @Test
    void aMissingFileIsFoundBeforeAnythingIsWritten() {
        Run run = run(
                "--regex=" + REGEX,
                file.toString(),
                directory.resolve("missing").toString());

        assertThat(run.exitCode).isEqualTo(1);
        assertThat(run.message).contains("missing does not exist");
    }

    @Test
    void withoutARunningInstanceAClusterMustBeNamed() {
        Run run = run("--regex=" + REGEX, "--data-dir=" + directory, file.toString());

        assertThat(run.exitCode).isEqualTo(1);
        assertThat(run.message).contains(directory.toString()).contains("--bootstrap-servers");
    }

    @Test
    @Tag("slow")
    void aBrokerThatDoesNotAnswerIsNamed() throws IOException {
        try (ServerSocket mute = new ServerSocket(0)) {
            String servers = "127.0.0.1:" + mute.getLocalPort();
            Run run = run("--regex=" + REGEX, "--bootstrap-servers=" + servers, file.toString());

            assertThat(run.exitCode).isEqualTo(1);
            assertThat(run.message).contains("no Kafka broker answers at " + servers);
        }
    }

    @Test
    void anUnusableBrokerAddressIsNamed() {
        Run run = run("--regex=" + REGEX, "--bootstrap-servers=nonsense", file.toString());

        assertThat(run.exitCode).isEqualTo(1);
        assertThat(run.message).contains("nonsense").contains("--bootstrap-servers");
    }

    private static Run run(String... args) {
        List<String> errors = new ArrayList<>();
        StringWriter err = new StringWriter();
        int exitCode = new CommandLine(new IngestCommand())
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    assertThat(e).isInstanceOf(UserError.class);
                    errors.add(String.valueOf(e.getMessage()));
                    return 1;
                })
                .execute(args);
        return new Run(exitCode, errors.isEmpty() ? err.toString() : errors.get(0));
    }

    private record Run(int exitCode, String message) {}
}
