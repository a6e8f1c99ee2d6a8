package io.forebay.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the verb asks the server for, and makes of the answers. {@code DemoIT} has both for real. */
class PlanCommandTest {

    @TempDir
    Path temporary = Path.of("");

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private volatile @Nullable String plan = "{\"types\":{}}";

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String condition = exchange.getRequestHeaders().getFirst("If-Match");
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add((exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                        + (condition == null ? "" : condition) + " " + body)
                .strip());
        if (exchange.getRequestURI().getPath().equals("/v1/capture-plans")) {
            send(exchange, 200, "{\"documents\":[{\"name\":\"demo\",\"version\":7,\"content\":{}}]}");
        } else if (exchange.getRequestMethod().equals("DELETE")) {
            exchange.sendResponseHeaders(204, -1);
        } else if (plan == null && exchange.getRequestMethod().equals("GET")) {
            send(exchange, 404, "{\"title\":\"Document not found\"}");
        } else if ("\"6\"".equals(condition)) {
            send(exchange, 412, "{\"title\":\"Changed by somebody else\",\"detail\":\"it has version 7\"}");
        } else {
            send(exchange, 200, plan == null ? body : plan);
        }
        exchange.close();
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("ETag", "\"7\"");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    @Test
    void listsThePlans() {
        assertThat(plan("list").out().lines()).containsExactly("demo 7");
    }

    @Test
    void showsAPlanAndItsVersion() {
        CommandRun run = plan("show");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("\"types\"");
        assertThat(run.errLines()).containsExactly("version 7");
        assertThat(asked).containsExactly("GET /v1/capture-plans/demo");
    }

    @Test
    void replacesTheVersionItHasSeenOrTheOneItIsTold() throws IOException {
        String file = Files.writeString(temporary.resolve("plan.json"), "{\"types\":{\"a\":{}}}")
                .toString();
        assertThat(plan("set", "demo", file).exitCode()).isZero();
        assertThat(asked).endsWith("PUT /v1/capture-plans/demo \"7\" {\"types\":{\"a\":{}}}");
        CommandRun late = plan("set", "demo", file, "--if-version", "6");
        assertThat(late.exitCode()).isEqualTo(1);
        assertThat(late.errLines()).containsExactly("forebay: Changed by somebody else: it has version 7");
        plan = null;
        assertThat(plan("set", "demo", file).exitCode()).isZero();
        assertThat(asked).endsWith("PUT /v1/capture-plans/demo  {\"types\":{\"a\":{}}}");
    }

    @Test
    void deletesAPlan() {
        assertThat(plan("delete", "demo").exitCode()).isZero();
        assertThat(asked).containsExactly("DELETE /v1/capture-plans/demo *");
    }

    @Test
    void saysWhatIsWrong() {
        assertThat(plan("set", "demo", "/nowhere/plan.json").errLines())
                .singleElement()
                .asString()
                .contains("cannot read /nowhere/plan.json");
        assertThat(plan("show", "a/b").exitCode()).isEqualTo(2);
        assertThat(plan("show", "a/b").err()).contains("'a/b' is no name of a plan");
        assertThat(CommandRun.of("plan").err()).contains("delete, list, set, show");
        plan = null;
        assertThat(plan("show", "other").err()).contains("there is no capture plan 'other'");
    }

    private CommandRun plan(String verb, String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "plan";
        all[1] = verb;
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        all[all.length - 1] = "--server=http://127.0.0.1:" + server.getAddress().getPort();
        return CommandRun.of(all);
    }
}
