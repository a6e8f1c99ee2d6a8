package io.forebay.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StripedBufferTest {
    private final List<Integer> delivered = Collections.synchronizedList(new ArrayList<>());

    @Test
    void refusesItemsBeforeStartAndAfterClose() {
        StripedBuffer<Integer> buffer =
                StripedBuffer.<Integer>builder(delivered::addAll).build();
        assertThatThrownBy(() -> buffer.enqueue(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not started");
        buffer.start();
        assertThat(buffer.enqueue(1)).isTrue();
        assertThatThrownBy(buffer::start).isInstanceOf(IllegalStateException.class);
        CloseReport report = buffer.close(Duration.ofSeconds(10));
        assertThatThrownBy(() -> buffer.enqueue(2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");

        assertThat(report.complete()).isTrue();
        assertThat(delivered).containsExactly(1);
        assertThat(buffer.close(Duration.ZERO)).isSameAs(report);
    }

    @Test
    void closeDeliversEverythingInTheOrderOfTheProducer() {
        StripedBuffer<Integer> buffer = StripedBuffer.<Integer>builder(delivered::addAll)
                .stripes(3)
                .capacity(256)
                .batchSize(10)
                .build();
        buffer.start();
        IntStream.range(0, 20_000).forEach(i -> assertThat(buffer.enqueue(i)).isTrue());

        CloseReport report = buffer.close(Duration.ofSeconds(30));

        assertThat(report).isEqualTo(new CloseReport(20_000, 0, 0, null));
        assertThat(delivered).isEqualTo(IntStream.range(0, 20_000).boxed().toList());
        assertThat(buffer.stats().pending()).isZero();
    }
}
