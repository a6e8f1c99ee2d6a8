package io.forebay.benchmarks.cases;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs a case in a JVM of its own and collects its figures. What it logs is appended to a file. */
public final class CaseJvm {

    private static final List<String> OPTIONS = List.of(
            "-Xms2g",
            "-Xmx2g",
            "-XX:+AlwaysPreTouch",
            "--enable-native-access=ALL-UNNAMED",
            "-Dlogback.configurationFile=io/forebay/testing/child-logback.xml");

    private final Path logFile;

    public CaseJvm(Path logFile) {
        this.logFile = logFile;
    }

    /** Runs a case to its end. */
    public CaseFigures run(Class<?> main, Map<String, String> args) throws IOException, InterruptedException {
        return run(main, args, false);
    }

    /** Runs a case until it says that it has come to its point, and ends it there with {@code SIGKILL}. */
    public CaseFigures runAndKill(Class<?> main, Map<String, String> args) throws IOException, InterruptedException {
        return run(main, args, true);
    }

    private CaseFigures run(Class<?> main, Map<String, String> args, boolean kill)
            throws IOException, InterruptedException {
        Process process = start(main, args);
        Map<String, Double> figures = new HashMap<>();
        boolean killed = false;
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith(CaseArguments.FIGURE)) {
                    String[] nameAndValue =
                            line.substring(CaseArguments.FIGURE.length()).split(" ");
                    figures.put(nameAndValue[0], Double.valueOf(nameAndValue[1]));
                } else if (line.equals(CaseArguments.REACHED) && kill) {
                    killed = true;
                    break;
                }
            }
        } finally {
            process.destroyForcibly();
        }
        int exitCode = process.waitFor();
        if (exitCode != 0 && !killed) {
            throw new IOException(main.getSimpleName() + " " + new TreeMap<>(args) + " ended with exit code " + exitCode
                    + ": see " + logFile);
        }
        return new CaseFigures(figures);
    }

    private Process start(Class<?> main, Map<String, String> args) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.add(main.getName());
        args.forEach((name, value) -> command.add(name + "=" + value));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(logFile.toFile()));
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.start();
    }
}
