package io.forebay.serdes.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Answers as told and remembers what it was asked. For what a real registry cannot be made to do. */
public final class StubServer implements AutoCloseable {
    /** What it was asked. */
    public record Request(
            String method, String path, @Nullable String authorization, String body) {}

    /** What it answers. */
    public record Reply(int status, String body) {}

    private final HttpServer server;
    private final String scheme;
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    /** A server without encryption. */
    public StubServer(Function<Request, Reply> replies) {
        this("http", create(null), replies);
    }

    /** A server that speaks TLS. */
    public StubServer(SSLContext tls, Function<Request, Reply> replies) {
        this("https", create(tls), replies);
    }

    private StubServer(String scheme, HttpServer server, Function<Request, Reply> replies) {
        this.scheme = scheme;
        this.server = server;
        server.createContext("/", exchange -> answer(exchange, replies));
        server.start();
    }

    private static HttpServer create(@Nullable SSLContext tls) {
        try {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            if (tls == null) {
                return HttpServer.create(address, 0);
            }
            HttpsServer server = HttpsServer.create(address, 0);
            server.setHttpsConfigurator(new HttpsConfigurator(tls));
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(HttpExchange exchange, Function<Request, Reply> replies) throws IOException {
        Request request = new Request(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                exchange.getRequestHeaders().getFirst("Authorization"),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        requests.add(request);
        Reply reply = replies.apply(request);
        byte[] body = reply.body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(reply.status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** Where it listens. */
    public String url() {
        return scheme + "://localhost:" + server.getAddress().getPort();
    }

    /** What it was asked so far. */
    public List<Request> requests() {
        return requests;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
