package io.forebay.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.forebay.buffer.OverflowStrategy;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class EventPublisherTest {

    private final EventPublisher.Builder<String> options =
            EventPublisher.builder("t", Function.identity(), new StringSerializer());

    @Test
    void contradictionsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.stripes(0))
                .withMessageContaining("stripes=0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.capacityPerStripe(1000))
                .withMessageContaining("1000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.blockTimeout(Duration.ofSeconds(-1)))
                .withMessageContaining("PT-1S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.producer(Map.of("transactional.id", "x")))
                .withMessageContaining("transactional.id=x");
        assertThatIllegalStateException().isThrownBy(options::build).withMessageContaining("bootstrap.servers");
        options.producer(Map.of("bootstrap.servers", "localhost:1"))
                .blockTimeout(Duration.ofSeconds(1))
                .overflow(OverflowStrategy.DROP_NEWEST);
        assertThatIllegalStateException()
                .isThrownBy(options::build)
                .withMessageContaining("blockTimeout=PT1S")
                .withMessageContaining("overflow=DROP_NEWEST");
    }

    @Test
    void aProducerThatCannotBeMadeLeavesNoThreadBehind() {
        options.producer(Map.of("bootstrap.servers", "localhost:1", "acks", "nonsense"));
        long before = threads();
        assertThatExceptionOfType(Exception.class)
                .isThrownBy(options::build)
                .satisfies(e -> assertThat(e).hasStackTraceContaining(ConfigException.class.getName()));
        assertThat(threads()).isEqualTo(before);
    }

    /** As if the time was up, and with nothing left that might be counted later. */
    @Test
    void anInterruptEndsAClose() {
        EventPublisher<String> publisher =
                options.producer(Map.of("bootstrap.servers", "localhost:1")).build();
        for (int i = 0; i < 100; i++) {
            publisher.lazyPut("event" + i);
        }
        Thread.currentThread().interrupt();
        EventPublisherStats end = publisher.close(Duration.ofMinutes(1));
        assertThat(Thread.interrupted()).as("restored").isTrue();
        assertThat(end).isEqualTo(new EventPublisherStats(100, 0, 0, 0, 0, 0, 100));
        assertThat(publisher.close(Duration.ZERO)).isEqualTo(end);
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains("publisher-t"))
                .count();
    }

    @Test
    void anOutageMayLastForLongAndTheUserMayDecideOtherwise() {
        assertThat(options.producerConfig())
                .containsEntry("acks", "all")
                .containsEntry("enable.idempotence", true)
                .containsEntry("delivery.timeout.ms", Integer.MAX_VALUE);
        options.producer(Map.of("delivery.timeout.ms", 5_000));
        assertThat(options.producerConfig()).containsEntry("delivery.timeout.ms", 5_000);
    }
}
