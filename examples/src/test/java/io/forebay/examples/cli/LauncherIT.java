package io.forebay.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the launcher script says before it can start a JVM. */
class LauncherIT {

    private static final Path LAUNCHER =
            Path.of("..", "forebay").toAbsolutePath().normalize();

    @TempDir
    Path temporary = Path.of("");

    @Test
    void refusesAJavaHomeWithoutJava() throws Exception {
        assertThat(launch(Map.of("JAVA_HOME", temporary.toString())))
                .isEqualTo("1 forebay: JAVA_HOME=" + temporary + " has no bin/java: "
                        + "install a JDK, version 17 or newer, and let JAVA_HOME name it");
    }

    @Test
    void refusesAnOldJava() throws Exception {
        fakeJava("    java.specification.version = 11");

        assertThat(launch(Map.of("JAVA_HOME", temporary.toString())))
                .startsWith("1 forebay: ")
                .contains("is Java 11");
    }

    @Test
    void refusesAJavaOfBeforeVersionNine() throws Exception {
        fakeJava("    java.specification.version = 1.8");

        assertThat(launch(Map.of("JAVA_HOME", temporary.toString())))
                .startsWith("1 forebay: ")
                .contains("is Java 1.8");
    }

    @Test
    void isFoundThroughALinkFromAnyDirectory() throws Exception {
        Path link = Files.createSymbolicLink(temporary.resolve("link"), LAUNCHER);

        assertThat(launch(link, Map.of("JAVA_HOME", "/nowhere"))).startsWith("1 forebay: JAVA_HOME=/nowhere has no");
    }

    private void fakeJava(String settings) throws IOException {
        Path bin = Files.createDirectory(temporary.resolve("bin"));
        Path java = Files.writeString(bin.resolve("java"), "#!/bin/sh\necho '" + settings + "' >&2\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String launch(Map<String, String> environment) throws Exception {
        return launch(LAUNCHER, environment);
    }

    /** Exit code and output. */
    private String launch(Path launcher, Map<String, String> environment) throws Exception {
        Path output = temporary.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(launcher.toString(), "--version")
                .directory(temporary.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue() + " " + Files.readString(output).strip();
    }
}
