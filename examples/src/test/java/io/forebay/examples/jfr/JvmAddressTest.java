package io.forebay.examples.jfr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JvmAddressTest {

    @Test
    void readsHostAndPort() {
        assertThat(JvmAddress.parse("app.example:9010")).isEqualTo(new JvmAddress("app.example", 9010));
        assertThat(JvmAddress.parse("[::1]:9010")).isEqualTo(new JvmAddress("::1", 9010));
        assertThat(JvmAddress.parse("[::1]:9010").serviceUrl())
                .hasToString("service:jmx:rmi:///jndi/rmi://[::1]:9010/jmxrmi");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", ":9010", "localhost:", "localhost:jmx", "::1:9010", ""})
    void refusesOtherForms(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JvmAddress.parse(text))
                .withMessageContaining("'" + text + "'")
                .withMessageContaining("HOST:JMXPORT");
    }

    @Test
    void refusesPortsOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JvmAddress.parse("localhost:70000"))
                .withMessageContaining("port=70000");
    }
}
