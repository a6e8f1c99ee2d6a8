package io.forebay.examples.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which running instance to talk to. */
final class ServerOptions {

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "Address of the server (default: what runs on the data directory).")
    private @Nullable String url;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Data directory of a running instance (default: " + DataDir.DEFAULT + ").")
    private Path dataDir = Path.of(DataDir.DEFAULT);

    /**
     * The address.
     *
     * @throws UserError if nothing runs there
     * @throws ParameterException if it is no address
     */
    URI uri(CommandSpec spec) {
        if (url == null) {
            return DataDir.running(dataDir)
                    .map(RunInfo::url)
                    .map(URI::create)
                    .orElseThrow(() -> new UserError("nothing runs on data directory "
                            + dataDir.toAbsolutePath().normalize()
                            + ": start it with 'forebay demo', or name another one with --data-dir or --server URL"));
        }
        try {
            URI uri = new URI(url);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw new ParameterException(
                    spec.commandLine(), "--server=" + url + " is not an address: " + e.getReason());
        }
        throw new ParameterException(
                spec.commandLine(), "--server=" + url + ": expected an address such as http://127.0.0.1:8470");
    }
}
