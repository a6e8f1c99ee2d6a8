package io.forebay.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueryCommandTest {

    private static final String FIRST = """
            {"id":"e1","timestamp":"2026-01-31T12:00:00.123456789Z","process":"main (1)","module":"java.lang.Thread",\
            "function":"sleep","correlation":"c1","type":"jdk.ThreadSleep","durationNanos":1234567,\
            "attributes":{"time":"1 ms","state":"ok"}}""";
    private static final String SECOND = """
            {"id":"e2","timestamp":"2026-01-31T12:00:01Z","type":"jdk.CPULoad"}""";

    @TempDir
    Path temporary = Path.of("");

    private final List<URI> asked = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private String url;
    private volatile int status = 200;
    private volatile String body = "{\"events\":[" + FIRST + "," + SECOND + "]}";
    private volatile Map<String, String> headers = Map.of();

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI());
            headers.forEach(exchange.getResponseHeaders()::set);
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        url = "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    @Test
    void showsATable() {
        CommandRun run = query();

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines())
                .hasSize(3)
                .anySatisfy(line -> assertThat(line).startsWith("TIME").contains("FUNCTION", "ATTRIBUTES"))
                .anySatisfy(line -> assertThat(line)
                        .contains(":00.123456", "jdk.ThreadSleep", "main (1)", "java.lang.Thread.sleep", "1.2 ms", "e1")
                        .endsWith("c1           time=1 ms state=ok"))
                .anySatisfy(line -> assertThat(line).contains("jdk.CPULoad").endsWith("e2"));
        assertThat(run.err()).isEmpty();
    }

    @Test
    void printsOneDocumentPerLine() {
        CommandRun run = query("--json");

        assertThat(run.out().lines()).containsExactly(FIRST, SECOND);
    }

    @Test
    void asksForTheNewestUnlessToldOtherwise() {
        query();

        assertThat(asked).containsExactly(URI.create("/v1/events?limit=50&order=desc"));
    }

    @Test
    void passesEveryCriterionOn() {
        query(
                "--process=main (1)",
                "--module=a.B",
                "--function=c&d",
                "--type=jdk.X",
                "--correlation=ü",
                "--from=2026-01-31T12:00:00.5Z",
                "--to",
                "1769860860000",
                "--limit=7",
                "--order=ASC");

        assertThat(asked)
                .containsExactly(URI.create("/v1/events?from=2026-01-31T12%3A00%3A00.500Z&to=2026-01-31T12%3A01%3A00Z"
                        + "&process=main%20%281%29&module=a.B&function=c%26d&type=jdk.X&correlation=%C3%BC"
                        + "&limit=7&order=asc"));
    }

    @Test
    void takesRelativeTimes() {
        Instant before = Instant.now();

        query("--from", "-5m");

        String from = asked.get(0).getQuery().replaceFirst("^from=", "").replaceFirst("&.*", "");
        assertThat(Instant.parse(from))
                .isBetween(before.minusSeconds(300), Instant.now().minusSeconds(300));
    }

    @Test
    void asksForOneEventById() {
        body = FIRST;

        CommandRun run = query("--id", "a/b c", "--json");

        assertThat(asked).containsExactly(URI.create("/v1/events/a%2Fb%20c"));
        assertThat(run.out().lines()).containsExactly(FIRST);
    }

    @Test
    void saysThatNothingMatches() {
        body = "{\"events\":[]}";

        CommandRun run = query();

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEmpty();
        assertThat(run.errLines()).containsExactly("no events match");
    }

    @Test
    void saysThatThereMayBeMore() {
        CommandRun run = query("--limit", "2");

        assertThat(run.errLines()).singleElement().asString().contains("2 events", "--limit");
    }

    @Test
    void showsTheServersProblem() {
        status = 400;
        body = "{\"title\":\"Limit too high\",\"detail\":\"limit=99999999: at most 100000\",\"status\":400}";

        assertFails(query("--limit=99999999"), "forebay: Limit too high: limit=99999999: at most 100000");
    }

    @Test
    void saysWhenToTryAgain() {
        status = 503;
        headers = Map.of("Retry-After", "2");
        body = "{\"title\":\"Rebalancing\"}";

        assertFails(query(), "forebay: Rebalancing (try again in 2 s)");
    }

    @Test
    void recognisesAnotherKindOfServer() {
        body = "<html>hello</html>";
        assertFails(query(), "seems not to be a Forebay server");

        body = "{\"hello\":1}";
        assertFails(query(), "seems not to be a Forebay server");

        body = "[]";
        assertFails(query(), "seems not to be a Forebay server");
    }

    @Test
    void saysThatNobodyListens() {
        server.stop(0);

        assertFails(query(), "cannot reach " + url);
    }

    @Test
    void findsTheServerThroughTheDataDirectory() throws IOException {
        try (DataDir dataDir = DataDir.open(temporary.resolve("data"))) {
            dataDir.announce(new RunInfo(
                    ProcessHandle.current().pid(),
                    Instant.now(),
                    "127.0.0.1:9092",
                    url,
                    dataDir.root().toString(),
                    "forebay-events",
                    null));

            CommandRun run = CommandRun.of("query", "--data-dir", dataDir.root().toString(), "--json");

            assertThat(run.out().lines()).containsExactly(FIRST, SECOND);
        }
    }

    @Test
    void saysThatNothingRuns() {
        CommandRun run =
                CommandRun.of("query", "--data-dir", temporary.resolve("none").toString());

        assertFails(run, "nothing runs on data directory " + temporary.resolve("none"));
        assertThat(run.err()).contains("--server");
    }

    @Test
    void refusesContradictionsBeforeAskingAnybody() {
        assertUsage(query("--id=e1", "--type=x"), "--id names a single event");
        assertUsage(query("--from=2026-02-01", "--to=2026-01-01"), "is after --to=");
        assertUsage(query("--limit=0"), "--limit=0: expected at least 1");
        assertUsage(query("--limit=many"), "'many' is not an int");
        assertUsage(query("--order=up"), "'up'");
        assertUsage(query("--from=yesterday"), "'yesterday' is not a time");
        assertUsage(CommandRun.of("query", "--server=127.0.0.1:8470"), "--server=127.0.0.1:8470");
        assertUsage(CommandRun.of("query", "--server=ftp://x"), "http://127.0.0.1:8470");
        assertThat(asked).isEmpty();
    }

    private CommandRun query(String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "query";
        all[1] = "--server";
        all[2] = url;
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return CommandRun.of(all);
    }

    private static void assertFails(CommandRun run, String message) {
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.errLines()).singleElement().asString().contains(message);
    }

    private static void assertUsage(CommandRun run, String message) {
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(message, "See 'forebay query --help'.").doesNotContain("\tat ");
    }
}
