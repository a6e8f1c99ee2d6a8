package io.forebay.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class SharedBrokerTest {

    private String before;

    @BeforeEach
    void rememberProperty() {
        before = System.getProperty(SharedBroker.KIND_PROPERTY, "");
    }

    @AfterEach
    void restoreProperty() {
        System.setProperty(SharedBroker.KIND_PROPERTY, before);
    }

    @Test
    void refusesAnUnknownKind() {
        System.setProperty(SharedBroker.KIND_PROPERTY, "docker");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SharedBroker().bootstrapServers())
                .withMessage("forebay.test.kafka=docker: expected 'embedded' (the default) or 'container'");
    }

    @Test
    void embedsTheBrokerUnlessToldOtherwise() {
        System.clearProperty(SharedBroker.KIND_PROPERTY);

        assertThat(SharedBroker.Kind.wanted()).isEqualTo(SharedBroker.Kind.EMBEDDED);
    }

    @Test
    void skipsWhereDockerIsMissing() {
        Assumptions.assumeFalse(ContainerKafka.isAvailable(), "Docker is available: nothing to skip");
        System.setProperty(SharedBroker.KIND_PROPERTY, "container");

        assertThatExceptionOfType(TestAbortedException.class)
                .isThrownBy(() -> new SharedBroker().assumeAvailable())
                .withMessageContaining("Docker is not available");
    }
}
