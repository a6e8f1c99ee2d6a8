package io.forebay.serdes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.serdes.registry.RegistryUnavailableException;
import io.forebay.serdes.registry.StubServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry behind TLS with a certificate of its own, trusted through Kafka's options. */
class RegistryTlsTest {
    private static final String PASSWORD = "changeit";
    private static final byte[] TEXT = {0, 0, 0, 0, 1, 4, 'h', 'i'};

    @TempDir
    static Path directory;

    static Path keys;
    static StubServer server;

    @BeforeAll
    static void startServer() throws Exception {
        keys = directory.resolve("keys.p12");
        keytool();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD.toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        server = new StubServer(tls, request -> new StubServer.Reply(200, "{\"schema\": \"\\\"string\\\"\"}"));
    }

    private static void keytool() throws IOException, InterruptedException {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "registry",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        keys.toString(),
                        "-storepass",
                        PASSWORD)
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Test
    void aTrustedCertificateIsAccepted() {
        Map<String, Object> trust = Map.of(
                "schema.registry.ssl.truststore.location",
                keys.toString(),
                "schema.registry.ssl.truststore.password",
                PASSWORD,
                "schema.registry.ssl.truststore.type",
                "PKCS12");
        assertThat(read(trust)).hasToString("hi");
    }

    @Test
    void aStrangersCertificateIsRefused() {
        assertThatThrownBy(() -> read(Map.of()))
                .isInstanceOf(SerializationException.class)
                .hasCauseInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("certification path");
    }

    @Test
    void aTrustStoreThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> read(Map.of("schema.registry.ssl.truststore.location", "/nowhere.p12")))
                .hasMessageContaining("/nowhere.p12");
    }

    private static Object read(Map<String, Object> trust) {
        Map<String, Object> config = new HashMap<>(trust);
        config.put("schema.registry.url", server.url());
        config.put("max.retries", 0);
        try (var deserializer = new AvroDeserializer<Object>()) {
            deserializer.configure(config, false);
            return java.util.Objects.requireNonNull(deserializer.deserialize("t", TEXT));
        }
    }
}
