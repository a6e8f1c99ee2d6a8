package io.forebay.examples.ingest;

import io.forebay.examples.cli.DataDir;
import io.forebay.examples.cli.RunInfo;
import io.forebay.examples.cli.UserError;
import io.forebay.examples.ingest.IngestReport.RejectedLine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.Year;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code forebay ingest}: reads files into the event topic. */
@Command(
        name = "ingest",
        description = {
            "Reads files into the event topic: JSON Lines, or with --regex text logs.",
            "Reading a file again does not duplicate its events, even if it was moved, packed or has grown."
        },
        footer = {
            "%nExamples:",
            "  forebay ingest --map timestamp=ts --map process=host app.jsonl",
            "  forebay ingest --regex '(?<timestamp>\\S+ \\S+) \\[(?<process>[^]]+)] (?<type>\\w+) +(?<module>\\S+) - (?<message>.*)' app.log.gz",
            "  journalctl -o short-iso | forebay ingest --regex '(?<timestamp>\\S+) (?<process>\\S+) (?<module>[^:]+): (?<message>.*)' -"
        })
public final class IngestCommand implements Callable<Integer> {

    private static final int MIN_LINE_BYTES = 16;
    /** An event of a longer line might not fit into a Kafka record of a megabyte. */
    private static final int MAX_LINE_BYTES = 300_000;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Files; .gz is unpacked; - is standard input.")
    private List<String> files = List.of();

    @Option(
            names = "--regex",
            paramLabel = "REGEX",
            description = {
                "Regular expression that matches whole lines of a text log, with the named groups timestamp (required), "
                        + "process, module, function, correlation, type, message.",
                "Without it files are JSON Lines."
            })
    private @Nullable String regex;

    @Option(
            names = "--map",
            paramLabel = "FIELD=NAME",
            description = "JSON Lines: take FIELD (id, timestamp, process, module, function, correlation, type, "
                    + "durationNanos) from the member NAME, or from a path such as /log/level. May be repeated.")
    private Map<String, String> mapping = new LinkedHashMap<>();

    @Option(
            names = "--timestamp-format",
            paramLabel = "FORMAT",
            defaultValue = "iso",
            description = "iso, epoch-seconds, epoch-millis, epoch-nanos, or a pattern such as 'MMM ppd HH:mm:ss' "
                    + "(default: ${DEFAULT-VALUE}).")
    private String timestampFormat = "iso";

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            defaultValue = "UTC",
            description = "Time zone of timestamps that name none (default: ${DEFAULT-VALUE}).")
    private String zone = "UTC";

    @Option(
            names = "--year",
            paramLabel = "YEAR",
            description = "Year of timestamps that name none (default: the one that puts them before the file's last "
                    + "change).")
    private @Nullable Integer year;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            defaultValue = "log",
            description = "Type of events whose line names none (default: ${DEFAULT-VALUE}).")
    private String type = "log";

    @Option(
            names = "--charset",
            paramLabel = "CHARSET",
            defaultValue = "UTF-8",
            description = "Encoding of the files (default: ${DEFAULT-VALUE}).")
    private String charset = "UTF-8";

    @Option(
            names = "--max-line-bytes",
            paramLabel = "BYTES",
            defaultValue = "65536",
            description =
                    "Longer lines do not become events (default: ${DEFAULT-VALUE}, at most " + MAX_LINE_BYTES + ").")
    private int maxLineBytes = 65_536;

    @Option(names = "--strict", description = "Stop at the first line that does not match, with exit code 1.")
    private boolean strict;

    @Option(
            names = "--show",
            paramLabel = "N",
            defaultValue = "10",
            description = "Show this many of the lines that do not match (default: ${DEFAULT-VALUE}).")
    private int maxShown = 10;

    @Option(
            names = "--topic",
            paramLabel = "TOPIC",
            description = "Kafka topic (default: that of the running demo, or forebay-events).")
    private @Nullable String topic;

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            description = "Kafka cluster (default: that of the demo running on --data-dir).")
    private @Nullable String bootstrapServers;

    @Option(
            names = "--schema-registry",
            paramLabel = "URL",
            description = "Schema registry to write with (default: that of the running demo, or none).")
    private @Nullable String schemaRegistry;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            defaultValue = DataDir.DEFAULT,
            description = "Data directory of a running demo (default: ${DEFAULT-VALUE}).")
    private Path dataDir = Path.of(DataDir.DEFAULT);

    @Override
    public Integer call() throws InterruptedException, IOException {
        validate();
        requireReadable();
        Target target = target();
        try (KafkaEventOutput output =
                KafkaEventOutput.connect(target.bootstrapServers(), target.topic(), target.schemaRegistry())) {
            for (String file : files) {
                ingest(file, output);
            }
        }
        return 0;
    }

    private void ingest(String name, EventOutput output) throws InterruptedException, IOException {
        long start = System.nanoTime();
        IngestReport report;
        try (InputFile file = InputFile.open(name, System.in);
                Progress progress = progress(file)) {
            report = new Ingest(decoder(), parser(file.lastModified()), output, strict, maxShown)
                    .run(file, maxLineBytes, progress);
        }
        print(name, report, (System.nanoTime() - start) / 1e9);
    }

    private void print(String name, IngestReport report, double seconds) {
        PrintWriter err = spec.commandLine().getErr();
        for (RejectedLine line : report.shown()) {
            err.println(line);
        }
        long more = report.rejected() - report.shown().size();
        if (more > 0) {
            err.println("... and " + more + " more (--show N shows more of them)");
        }
        err.flush();
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "ingested %d events from %s (%d lines did not match) in %.1f s%n",
                report.events(),
                name.equals(InputFile.STANDARD_INPUT) ? "standard input" : name,
                report.rejected(),
                seconds);
        out.flush();
    }

    private Progress progress(InputFile file) {
        return Boolean.getBoolean("forebay.interactive")
                ? new BarProgress(file, System.err)
                : new PlainProgress(file, spec.commandLine().getErr(), System::nanoTime);
    }

    /** Fails on wrong options before anything is read or written. */
    private void validate() {
        check(
                maxLineBytes >= MIN_LINE_BYTES && maxLineBytes <= MAX_LINE_BYTES,
                "--max-line-bytes=" + maxLineBytes + " is not between " + MIN_LINE_BYTES + " and " + MAX_LINE_BYTES);
        check(maxShown >= 0, "--show=" + maxShown + " is negative");
        check(regex == null || mapping.isEmpty(), "--map is for JSON Lines and cannot go with --regex");
        check(!type.isBlank(), "--type is empty");
        check(
                files.stream().filter(InputFile.STANDARD_INPUT::equals).count() <= 1,
                "standard input (-) is named twice");
        try {
            decoder();
            parser(Instant.EPOCH);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private void check(boolean condition, String message) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }

    /** A misspelt file is found before any other has been ingested. */
    private void requireReadable() throws IOException {
        for (String file : files) {
            if (!file.equals(InputFile.STANDARD_INPUT)) {
                InputFile.open(file, System.in).close();
            }
        }
    }

    private LineDecoder decoder() {
        return new LineDecoder(Options.charset(charset));
    }

    private LineParser parser(Instant reference) {
        ZoneId zoneId = Options.zone(zone);
        TimestampParser timestamps =
                new TimestampParser(timestampFormat, zoneId, year == null ? null : Year.of(year), reference);
        return regex == null
                ? new JsonLineParser(mapping, type, timestamps)
                : new RegexLineParser(regex, type, timestamps);
    }

    private Target target() {
        Optional<RunInfo> running = bootstrapServers == null ? DataDir.running(dataDir) : Optional.empty();
        String servers = bootstrapServers != null
                ? bootstrapServers
                : running.map(RunInfo::bootstrapServers)
                        .orElseThrow(() -> new UserError("no instance is running on data directory " + dataDir
                                + ": start './forebay demo', or name a cluster with --bootstrap-servers"));
        String name = topic != null ? topic : running.map(RunInfo::topic).orElse("forebay-events");
        String registry = schemaRegistry != null
                ? schemaRegistry
                : running.map(RunInfo::schemaRegistry).orElse(null);
        return new Target(servers, name, registry);
    }

    private record Target(
            String bootstrapServers, String topic, @Nullable String schemaRegistry) {}

    /** Options whose values Java refuses with exceptions of many kinds. */
    private static final class Options {

        static Charset charset(String name) {
            try {
                return Charset.forName(name);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "--charset=" + name + " is not known here: try UTF-8 or ISO-8859-1", e);
            }
        }

        static ZoneId zone(String name) {
            try {
                return ZoneId.of(name);
            } catch (DateTimeException e) {
                throw new IllegalArgumentException(
                        "--zone=" + name + " is not a time zone: try UTC or Europe/Berlin", e);
            }
        }
    }
}
