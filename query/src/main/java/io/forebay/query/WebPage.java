package io.forebay.query;

import io.javalin.config.JavalinConfig;
import io.javalin.http.staticfiles.Location;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;

/**
 * The page at {@code /}: plain files from the class path, and the chart library from its webjar.
 *
 * <p>The headers allow it to load its own files and to ask its own server, and nothing else: no inline scripts, no other
 * hosts, no frames around it.
 */
final class WebPage {

    static final Map<String, String> SECURITY_HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                    + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "no-referrer",
            "Cross-Origin-Resource-Policy",
            "same-origin");

    private static final String CHART_VERSION = "/META-INF/maven/org.webjars.npm/chart.js/pom.properties";

    private WebPage() {}

    static void register(JavalinConfig config) {
        config.staticFiles.add(files -> {
            files.directory = "/io/forebay/query/page";
            files.location = Location.CLASSPATH;
            files.headers = Map.of("Cache-Control", "no-cache");
        });
        byte[] chart = chartLibrary();
        config.routes.get(
                "/chart.umd.min.js",
                ctx -> ctx.header("Cache-Control", "max-age=3600")
                        .contentType("text/javascript")
                        .result(chart));
    }

    /** The webjar has no entries for its directories, so that it cannot be served as one. */
    private static byte[] chartLibrary() {
        String version = version();
        return read("/META-INF/resources/webjars/chart.js/" + version + "/dist/chart.umd.min.js");
    }

    private static String version() {
        Properties properties = new Properties();
        try {
            properties.load(new ByteArrayInputStream(read(CHART_VERSION)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }

    private static byte[] read(String resource) {
        try (InputStream in = WebPage.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the chart library is not on the class path: " + resource);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
