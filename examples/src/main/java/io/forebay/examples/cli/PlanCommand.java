package io.forebay.examples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.examples.cli.PlansClient.Plan;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code forebay plan}: shows and changes which events a running instance captures. */
@Command(
        name = "plan",
        description = "Show and change the capture plans of a running instance: which events are captured.",
        synopsisSubcommandLabel = "(list | show | set | delete)",
        footer = {
            "",
            "Examples:",
            "  forebay plan show",
            "  echo '{\"types\": {\"jdk.FileRead\": {\"minDuration\": \"0ms\"}}}' | forebay plan set demo -",
            "  forebay plan delete demo"
        })
final class PlanCommand implements Runnable {

    private static final String DEFAULT_PLAN = "demo";
    private static final String NAME = "[A-Za-z0-9._-]{1,100}";

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "What with the plans? There are: "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    @Command(name = "list", description = "Name all plans and their versions.")
    int list(@Mixin ServerOptions server) {
        for (Plan plan : client(server).list()) {
            out().println(plan.name() + " " + plan.version());
        }
        out().flush();
        return 0;
    }

    @Command(name = "show", description = "Print a plan as JSON; its version goes to standard error.")
    int show(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "NAME", defaultValue = DEFAULT_PLAN, description = "Default: ${DEFAULT-VALUE}.")
                    String name) {
        Plan plan = client(server)
                .find(checked(name))
                .orElseThrow(() -> new UserError("there is no capture plan '" + name
                        + "', so everything is captured that is by default; make one with 'forebay plan set'"));
        print(plan);
        return 0;
    }

    @Command(name = "set", description = "Make or replace a plan; it holds at once.")
    int set(
            @Mixin ServerOptions server,
            @Parameters(index = "0", paramLabel = "NAME", description = "What the plan is called.") String name,
            @Parameters(index = "1", paramLabel = "FILE", description = "The plan as JSON; - for standard input.")
                    String file,
            @Option(
                            names = "--if-version",
                            paramLabel = "N",
                            description = "Only if it still has this version (default: the one it has now).")
                    @Nullable
                    Long version) {
        String json = read(file);
        PlansClient client = client(server);
        Optional<Plan> current = client.find(checked(name));
        String replaced = version != null
                ? version.toString()
                : current.map(Plan::version).orElse(null);
        print(client.put(name, json, replaced));
        return 0;
    }

    @Command(name = "delete", description = "Delete a plan: everything is captured again that is by default.")
    int delete(@Mixin ServerOptions server, @Parameters(paramLabel = "NAME") String name) {
        client(server).delete(checked(name));
        return 0;
    }

    private PlansClient client(ServerOptions server) {
        return new PlansClient(server.uri(spec));
    }

    private String checked(String name) {
        if (!name.matches(NAME)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "'" + name + "' is no name of a plan: expected letters, digits, dots, dashes and underscores");
        }
        return name;
    }

    private static String read(String file) {
        try (InputStream in = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UserError(
                    "cannot read " + file + " (" + e + "): name a file with the plan, or - for standard input", e);
        }
    }

    private void print(Plan plan) {
        JsonNode content = plan.content();
        out().println(content.toPrettyString());
        out().flush();
        PrintWriter err = spec.commandLine().getErr();
        err.println("version " + plan.version());
        err.flush();
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
