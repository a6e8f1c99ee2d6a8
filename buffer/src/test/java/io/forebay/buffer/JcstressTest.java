package io.forebay.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs jcstress in a process of its own; it answers with exit code 1 when it has seen a forbidden outcome. */
class JcstressTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    @Tag("slow")
    void findsNoForbiddenOutcomeInAQuickRun() throws Exception {
        run("-m", "sanity", "-t", "LappedReader|OverwritingAccounts|PushBesideFlush");
    }

    @Test
    @Tag("long")
    void findsNoForbiddenOutcome() throws Exception {
        run("-m", "quick", "-iters", "3");
    }

    private void run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path", "")),
                "org.openjdk.jcstress.Main",
                "-r",
                directory.resolve("report").toString()));
        command.addAll(List.of(arguments));
        Path log = directory.resolve("log.txt");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(40, TimeUnit.MINUTES)).isTrue();
            String output = Files.readString(log);
            assertThat(process.exitValue()).as(output).isZero();
            assertThat(output).contains("passed, 0 failed, 0 soft errs, 0 hard errs");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
