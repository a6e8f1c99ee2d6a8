package io.forebay.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.forebay.testing.KafkaStartException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is refused before a broker is started. */
class EmbeddedKafkaTest {

    private final EmbeddedKafka.Builder builder = EmbeddedKafka.builder(Path.of("target", "never-created"));

    @Test
    void refusesImpossiblePorts() {
        assertThatIllegalArgumentException().isThrownBy(() -> builder.port(-1)).withMessageContaining("port=-1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.port(65_536))
                .withMessageContaining("port=65536");
    }

    @Test
    void refusesANonPositiveStartTimeout() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.startTimeout(Duration.ZERO))
                .withMessageContaining("startTimeout=PT0S");
    }

    @Test
    void refusesToOverrideWhatItSetsItself() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.property("listeners", "PLAINTEXT://:9092"))
                .withMessageContaining("listeners");
    }

    @Test
    void refusesAPortInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            Path directory = TestDirectories.create("port-in-use");

            assertThatExceptionOfType(KafkaStartException.class)
                    .isThrownBy(() -> EmbeddedKafka.start(directory, taken.getLocalPort()))
                    .withMessageContaining("port " + taken.getLocalPort())
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.PORT_IN_USE));
            assertThat(directory).isEmptyDirectory();
        }
    }

    @Test
    void picksPortsBelowTheRangeForOutgoingConnections() {
        for (int i = 0; i < 20; i++) {
            assertThat(Ports.free()).isBetween(20_000, 31_999);
        }
    }
}
