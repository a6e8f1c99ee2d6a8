package io.forebay.serdes.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.serdes.registry.StubServer.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RegistryAddressTest {
    @Test
    void usualUrlsStayAsTheyAre() throws IOException {
        RegistryAddress address = RegistryAddress.parse(" https://registry.example:8081/apis/ccompat/v7/ ");
        assertThat(address.request("/schemas/ids/1", host -> InetAddress.getLoopbackAddress()))
                .isEqualTo(URI.create("https://registry.example:8081/apis/ccompat/v7/schemas/ids/1"));
        assertThat(address.userInfo()).isNull();
    }

    @Test
    void credentialsAreTakenOut() {
        RegistryAddress address = RegistryAddress.parse("http://me:s%40y@registry.example");
        assertThat(address.userInfo()).isEqualTo("me:s@y");
        assertThat(address).hasToString("http://registry.example");
        RegistryAddress unusual = RegistryAddress.parse("http://me:s%40y@schema_registry:8081/x");
        assertThat(unusual.userInfo()).isEqualTo("me:s@y");
        assertThat(unusual).hasToString("http://schema_registry:8081/x");
    }

    @Test
    void aHostWithAnUnderscoreIsAskedForItsAddressEachTime() throws IOException {
        RegistryAddress address = RegistryAddress.parse("http://schema_registry:8081/apis/schema_registry");
        InetAddress four = InetAddress.getByAddress(new byte[] {10, 0, 0, 1});
        InetAddress six = InetAddress.getByName("::1");
        assertThat(address.request("/subjects", host -> host.equals("schema_registry") ? four : six))
                .isEqualTo(URI.create("http://10.0.0.1:8081/apis/schema_registry/subjects"));
        assertThat(address.request("/subjects", host -> six).getHost())
                .startsWith("[")
                .endsWith("]");
    }

    @Test
    void aRegistryWithAnUnderscoreInItsNameAnswers() {
        try (StubServer server = new StubServer(request -> new Reply(200, "found"))) {
            String url = server.url().replace("localhost", "schema_registry");
            var options = SchemaRegistryClient.builder(url)
                    .retries(0, Duration.ofMillis(1))
                    .options();
            var transport = new RegistryTransport(options, pause -> {}, host -> InetAddress.getLoopbackAddress());
            assertThat(transport.ask("/subjects", null).body()).isEqualTo("found");
            transport.close();

            var nowhere = new RegistryTransport(options, pause -> {}, host -> {
                throw new UnknownHostException(host);
            });
            assertThatThrownBy(() -> nowhere.ask("/subjects", null))
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasMessageContainingAll("schema_registry", "UnknownHostException");
        }
    }

    @Test
    void whatIsNoHostIsRefusedNamingIt() {
        for (String url : new String[] {"http://", "http:///x", "http://a_b:port", "http://a_b!c", "https://a_b"}) {
            assertThatThrownBy(() -> RegistryAddress.parse(url))
                    .as(url)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(url);
        }
    }
}
