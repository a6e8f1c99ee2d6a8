package io.forebay.examples.demo;

import io.forebay.examples.cli.Shutdown;
import io.forebay.examples.cli.StartupLog;
import io.forebay.examples.cli.UserError;
import io.forebay.examples.jfr.AttachException;
import io.forebay.query.QueryServerException;
import io.forebay.testing.KafkaStartException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code forebay demo}: runs everything in the foreground until it is told to stop. */
@Command(
        name = "demo",
        description = "Watch a JVM through its flight recorder: capture, publish, index and query its events.",
        footer = {
            "",
            "The last line printed is a JSON object: captured, published, indexed, dropped, deadLettered, queries,",
            "seconds. The exit code is 1 if something that was accepted has not been indexed.",
            "",
            "Examples:",
            "  forebay demo",
            "  forebay demo --for 30s --port 0 --data-dir /tmp/forebay",
            "  forebay demo --bootstrap-servers kafka:9092 --attach localhost:9010"
        })
public final class DemoCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private DemoOptions options = new DemoOptions();

    @Override
    public Integer call() throws Exception {
        validate();
        Shutdown shutdown = Shutdown.onSignal();
        Demo demo = new Demo(options, shutdown, StartupLog.toStandardError());
        shutdown.atEnd(() -> conclude(demo), () -> exitCode(demo, shutdown));
        try {
            run(demo, shutdown);
        } catch (KafkaStartException | QueryServerException | AttachException e) {
            throw new UserError(String.valueOf(e.getMessage()), e);
        } finally {
            shutdown.close();
        }
        return exitCode(demo, shutdown);
    }

    private static int exitCode(Demo demo, Shutdown shutdown) {
        return shutdown.isClean() && demo.failure().isEmpty() ? 0 : 1;
    }

    private void run(Demo demo, Shutdown shutdown) throws Exception {
        try {
            demo.start();
        } catch (CancellationException e) {
            return; // told to stop while starting
        }
        if (options.runFor == null) {
            shutdown.awaitRequest();
        } else {
            shutdown.awaitRequest(options.runFor);
        }
    }

    private static void conclude(Demo demo) {
        if (demo.isStarted()) {
            demo.failure().ifPresent(failure -> System.err.println("forebay: " + failure));
            System.out.println(demo.summary().toJson());
            System.out.flush();
        }
    }

    private void validate() {
        require(options.port >= 0 && options.port <= 65_535, "--port=" + options.port + ": expected 0 to 65535");
        require(
                options.kafkaPort >= 0 && options.kafkaPort <= 65_535,
                "--kafka-port=" + options.kafkaPort + ": expected 0 to 65535");
        require(
                options.partitions >= 1 && options.partitions <= 1_000,
                "--partitions=" + options.partitions + ": expected 1 to 1000");
        require(
                options.topic.matches("[A-Za-z0-9._-]{1,200}"),
                "--topic=" + options.topic + ": expected letters, digits, dots, dashes and underscores");
        require(
                options.capturePlan.matches("[A-Za-z0-9._-]{1,100}"),
                "--capture-plan=" + options.capturePlan + ": expected letters, digits, dots, dashes and underscores");
        require(
                options.bootstrapServers == null || options.kafkaPort == 0,
                "--kafka-port is for the embedded broker, --bootstrap-servers does without it: give one of them");
        // More options are checked where they are used; nothing has been started by then that does not stop again.
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
