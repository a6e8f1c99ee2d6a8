package io.forebay.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HandDrivenQueueBufferTest {
    private final List<List<Integer>> batches = new ArrayList<>();

    private List<Integer> delivered() {
        return batches.stream().flatMap(List::stream).toList();
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    @Test
    void handsOverInOrderAndInBatches() {
        QueueBuffer<Integer> buffer =
                QueueBuffer.<Integer>builder(batches::add).batchSize(4).handDriven();
        assertThat(buffer.push(0)).isTrue();
        assertThat(buffer.pushAll(range(1, 10))).isEqualTo(9);
        assertThat(buffer.size()).isEqualTo(10);

        assertThat(buffer.flush()).isEqualTo(10);

        assertThat(batches).containsExactly(range(0, 4), range(4, 8), range(8, 10));
        assertThat(buffer.size()).isZero();
        assertThat(buffer.flush()).isZero();
        assertThat(buffer.stats().delivered()).isEqualTo(10);
    }

    @Test
    void sealsAndDrainsSeparately() {
        QueueBuffer<Integer> buffer = QueueBuffer.<Integer>builder(batches::add).handDriven();
        buffer.pushAll(range(0, 3));
        assertThat(buffer.seal()).isEqualTo(3);
        buffer.pushAll(range(3, 5));
        assertThat(buffer.seal()).isEqualTo(3);

        assertThat(buffer.drain()).isEqualTo(3);

        assertThat(buffer.size()).isEqualTo(2);
        assertThat(buffer.flush()).isEqualTo(2);
        assertThat(delivered()).isEqualTo(range(0, 5));
    }

    @Test
    void passesTheProcessorsExceptionOnAndKeepsTheRest() {
        QueueBuffer<Integer> buffer = QueueBuffer.<Integer>builder(batch -> {
                    if (batch.contains(5) && batches.size() == 2) {
                        batches.add(List.of());
                        throw new IllegalArgumentException("five");
                    }
                    batches.add(batch);
                })
                .batchSize(2)
                .handDriven();
        buffer.pushAll(range(0, 10));

        assertThatThrownBy(buffer::flush)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("five");
        assertThat(buffer.size()).isEqualTo(6);
        buffer.push(10);
        buffer.flush();

        assertThat(delivered()).isEqualTo(range(0, 11));
    }

    @Test
    void wrapsCheckedExceptions() {
        QueueBuffer<Integer> buffer = QueueBuffer.<Integer>builder(batch -> {
                    throw new IOException("disk");
                })
                .name("orders")
                .handDriven();
        buffer.push(1);

        assertThatThrownBy(buffer::flush)
                .isInstanceOf(BatchProcessingException.class)
                .hasMessageContaining("orders")
                .hasRootCauseMessage("disk");
        assertThat(buffer.size()).isOne();
    }

    @Test
    void tellsWhenAThresholdIsCrossed() {
        QueueBuffer<String> byCount =
                QueueBuffer.<String>builder(batch -> {}).drainThreshold(2).handDriven();
        byCount.push("a");
        assertThat(byCount.drainDue()).isFalse();
        byCount.push("b");
        assertThat(byCount.drainDue()).isTrue();
        byCount.flush();
        assertThat(byCount.drainDue()).isFalse();

        QueueBuffer<String> byBytes = QueueBuffer.<String>builder(batch -> {})
                .weigher(String::length)
                .drainThresholdBytes(10)
                .handDriven();
        byBytes.push("nine char");
        assertThat(byBytes.drainDue()).isFalse();
        byBytes.push("x");
        assertThat(byBytes.drainDue()).isTrue();
    }

    @Test
    void aFullBufferIsFlushedByTheWriteThatFindsItFull() {
        QueueBuffer<Integer> buffer =
                QueueBuffer.<Integer>builder(batches::add).maxEntries(3).handDriven();
        buffer.pushAll(range(0, 8));

        assertThat(delivered()).isEqualTo(range(0, 6));
        assertThat(buffer.size()).isEqualTo(2);
    }

    @Test
    void dropNewestRejectsAndDropOldestGivesWay() {
        QueueBuffer<Integer> newest = QueueBuffer.<Integer>builder(batches::add)
                .maxEntries(3)
                .overflow(OverflowStrategy.DROP_NEWEST)
                .handDriven();
        assertThat(newest.pushAll(range(0, 5))).isEqualTo(3);
        assertThat(newest.stats().rejected()).isEqualTo(2);
        newest.flush();
        assertThat(delivered()).isEqualTo(range(0, 3));
        batches.clear();

        QueueBuffer<Integer> oldest = QueueBuffer.<Integer>builder(batches::add)
                .maxEntries(3)
                .overflow(OverflowStrategy.DROP_OLDEST)
                .handDriven();
        assertThat(oldest.pushAll(range(0, 50))).isEqualTo(50);
        assertThat(oldest.stats().dropped()).isEqualTo(47);
        oldest.flush();
        assertThat(delivered()).isEqualTo(range(47, 50));
    }

    @Test
    void sortsTheSealedSide() {
        QueueBuffer<Integer> buffer = QueueBuffer.<Integer>builder(batches::add)
                .sortBy(Comparator.reverseOrder())
                .handDriven();
        buffer.pushAll(List.of(1, 3, 2));
        buffer.flush();

        assertThat(delivered()).containsExactly(3, 2, 1);
    }

    @Test
    void closeReportsWhatCouldNotBeDelivered() {
        QueueBuffer<Integer> buffer = QueueBuffer.<Integer>builder(batch -> {
                    if (batch.contains(4)) {
                        throw new IllegalArgumentException("four");
                    }
                })
                .batchSize(2)
                .handDriven();
        buffer.pushAll(range(0, 7));

        CloseReport report = buffer.close(Duration.ofSeconds(5));

        assertThat(report.complete()).isFalse();
        assertThat(report.delivered()).isEqualTo(4);
        assertThat(report.undelivered()).isEqualTo(3);
        assertThat(report.failure()).hasMessage("four");
        assertThat(buffer.undelivered()).isEqualTo(range(4, 7));
        assertThatThrownBy(() -> buffer.push(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesToBeDrainedByItsProcessor() {
        List<QueueBuffer<Integer>> self = new ArrayList<>();
        QueueBuffer<Integer> buffer =
                QueueBuffer.<Integer>builder(batch -> self.get(0).flush()).handDriven();
        self.add(buffer);
        buffer.push(1);

        assertThatThrownBy(buffer::flush)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("being drained");
        assertThat(buffer.size()).isOne();
    }

    @Test
    void refusesOptionsThatContradictEachOther() {
        assertThatThrownBy(() -> QueueBuffer.<Integer>builder(batch -> {})
                        .maxEntries(10)
                        .drainThreshold(11)
                        .handDriven())
                .hasMessageContaining("drainThreshold=11")
                .hasMessageContaining("maxEntries=10");
        assertThatThrownBy(() ->
                        QueueBuffer.<Integer>builder(batch -> {}).maxBytes(10).handDriven())
                .hasMessageContaining("weigher");
        assertThatThrownBy(() ->
                        QueueBuffer.<Integer>builder(batch -> {}).partitions(2).handDriven())
                .hasMessageContaining("partitions=2");
    }
}
