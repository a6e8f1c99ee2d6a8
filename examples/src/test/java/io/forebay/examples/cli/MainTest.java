package io.forebay.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;

class MainTest {

    @Test
    void helps() {
        CommandRun run = CommandRun.of("--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("Usage: forebay", "demo", "ingest", "query", "Exit codes:");
        assertThat(run.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"query"})
    void helpsWithEachVerb(String verb) {
        CommandRun run = CommandRun.of(verb, "--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("Usage: forebay " + verb, "--verbose", "Exit codes:");
    }

    @Test
    void tellsItsVersion() {
        CommandRun run = CommandRun.of("--version");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).matches("forebay \\d+\\.\\d+\\.\\S+ \\(Kafka 4\\.\\S+, Java \\S+\\)\\s*");
    }

    @Test
    void asksForAVerb() {
        assertUsageError(
                CommandRun.of(), "forebay: Which verb? There are: demo, ingest, query, plan", "See 'forebay --help'.");
    }

    @Test
    void refusesAnUnknownVerb() {
        CommandRun run = CommandRun.of("qeury");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("qeury", "Did you mean", "query").doesNotContain("\tat ");
    }

    @Test
    void refusesAnUnknownOption() {
        CommandRun run = CommandRun.of("query", "--limti", "5");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.errLines())
                .first()
                .asString()
                .startsWith("forebay: Unknown option")
                .contains("--limti");
        assertThat(run.err()).contains("--limit", "See 'forebay query --help'.").doesNotContain("\tat ");
    }

    @Test
    void showsAUserErrorAsItsMessage() {
        CommandRun run = failing(() -> {
            throw new UserError("port 8470 is taken: choose another one with --port");
        });

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errLines()).containsExactly("forebay: port 8470 is taken: choose another one with --port");
    }

    @Test
    void showsADefectInOneLine() {
        CommandRun run = failing(() -> {
            throw new IllegalStateException("first line\nsecond line");
        });

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errLines())
                .containsExactly("forebay: unexpected error: IllegalStateException: first line"
                        + " (run it again with --verbose for the stack trace)");
    }

    private static CommandRun failing(Callable<Integer> action) {
        return CommandRun.of(Main.commandLine().addSubcommand("fail", new Failing(action)), "fail");
    }

    private static void assertUsageError(CommandRun run, String... lines) {
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.errLines()).hasSameSizeAs(lines);
        for (int i = 0; i < lines.length; i++) {
            assertThat(run.errLines().get(i)).startsWith(lines[i]);
        }
    }

    @Command
    private record Failing(Callable<Integer> action) implements Callable<Integer> {
        @Override
        public Integer call() throws Exception {
            return action.call();
        }
    }
}
