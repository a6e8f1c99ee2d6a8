package io.forebay.examples.cli;

import io.forebay.examples.cli.Main.Version;
import io.forebay.examples.demo.DemoCommand;
import io.forebay.examples.ingest.IngestCommand;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Properties;
import java.util.ServiceLoader;
import org.apache.kafka.common.utils.AppInfoParser;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code forebay} command. Verbs are its subcommands. */
@Command(
        name = "forebay",
        description = "Buffered, versioned, indexed event state for Kafka: a demo on real events, and tools for it.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "VERB",
        commandListHeading = "%nVerbs:%n",
        footerHeading = "%n",
        footer = "forebay bench compares Forebay with its peers; it is built when it is first asked for.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:it did not work; one line on standard error says why", "2:wrong usage"},
        subcommands = {DemoCommand.class, IngestCommand.class, QueryCommand.class, PlanCommand.class})
public final class Main implements Runnable {

    @Spec
    private CommandSpec spec;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Show stack traces, and what is logged.")
    void setVerbose(boolean verbose) {
        if (verbose) {
            LogOutput.showEverything();
        }
    }

    /** Runs one verb and ends the JVM with its exit code. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The command with all its verbs, for {@link #main} and for tests. */
    static CommandLine commandLine() {
        ErrorReport errors = new ErrorReport();
        CommandLine commandLine = new CommandLine(new Main());
        ServiceLoader.load(Verb.class).forEach(commandLine::addSubcommand);
        return commandLine
                .registerConverter(Instant.class, new TimeArgument(Clock.systemUTC(), ZoneId.systemDefault()))
                .setUsageHelpAutoWidth(true)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setAbbreviatedOptionsAllowed(false)
                .setParameterExceptionHandler(errors)
                .setExecutionExceptionHandler(errors);
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Which verb? There are: " + String.join(", ", spec.subcommands().keySet()));
    }

    /** The project's version, written into a resource by the build. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {
                "forebay " + project() + " (Kafka " + AppInfoParser.getVersion() + ", Java " + Runtime.version() + ")"
            };
        }

        private static String project() {
            Properties properties = new Properties();
            try (InputStream in = Main.class.getResourceAsStream("version.properties")) {
                if (in == null) {
                    throw new IllegalStateException("version.properties is missing from the class path");
                }
                properties.load(in);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read version.properties", e);
            }
            return properties.getProperty("version");
        }
    }
}
