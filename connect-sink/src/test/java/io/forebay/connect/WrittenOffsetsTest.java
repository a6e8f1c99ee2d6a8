package io.forebay.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class WrittenOffsetsTest {

    private static final TopicPartition A = new TopicPartition("a", 0);
    private static final TopicPartition B = new TopicPartition("b", 1);

    private final WrittenOffsets offsets = new WrittenOffsets();

    @Test
    void commitsNothingThatIsOnlyAccepted() {
        offsets.accepted(A, 5);
        assertThat(offsets.committable()).isEmpty();
    }

    @Test
    void stopsAtTheFirstRecordThatIsNotWritten() {
        for (long offset : new long[] {5, 6, 9, 10}) { // compaction and transactions leave gaps
            offsets.accepted(A, offset);
        }
        offsets.accepted(B, 1);
        offsets.written(A, 9);
        offsets.written(A, 5);
        assertThat(offsets.committable()).containsOnlyKeys(A).containsEntry(A, new OffsetAndMetadata(6));
        offsets.written(A, 6);
        assertThat(offsets.committable()).containsEntry(A, new OffsetAndMetadata(10));
        offsets.written(B, 1);
        assertThat(offsets.committable()).containsEntry(B, new OffsetAndMetadata(2));
    }

    @Test
    void ignoresWhatIsWrittenAfterThePartitionWasTakenAway() {
        offsets.accepted(A, 5);
        offsets.forget(List.of(A));
        offsets.written(A, 5);
        assertThat(offsets.committable()).isEmpty();
        offsets.accepted(A, 3); // rewound
        offsets.written(A, 3);
        assertThat(offsets.committable()).containsEntry(A, new OffsetAndMetadata(4));
    }

    @Test
    void refusesOffsetsOutOfOrder() {
        offsets.accepted(A, 5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> offsets.accepted(A, 5))
                .withMessageContainingAll("offset 5", "a-0");
    }

    @Test
    void agreesWithASortedSetOfWhatIsMissing() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Long> unwritten = new ArrayList<>();
        TreeSet<Long> missing = new TreeSet<>();
        long last = -1;
        for (int step = 0; step < 20_000; step++) {
            if (unwritten.isEmpty() || random.nextBoolean()) {
                last += 1 + random.nextInt(3);
                offsets.accepted(A, last);
                unwritten.add(last);
                missing.add(last);
            } else {
                Collections.swap(unwritten, random.nextInt(unwritten.size()), unwritten.size() - 1);
                long written = unwritten.remove(unwritten.size() - 1);
                offsets.written(A, written);
                missing.remove(written);
            }
            OffsetAndMetadata committable = offsets.committable().get(A);
            if (committable != null) {
                long bound = missing.isEmpty() ? last + 1 : missing.first();
                assertThat(committable.offset())
                        .as("seed %d, step %d", seed, step)
                        .isLessThanOrEqualTo(bound);
                assertThat(missing.headSet(committable.offset()))
                        .as("seed %d, step %d", seed, step)
                        .isEmpty();
                if (missing.isEmpty()) {
                    assertThat(committable.offset())
                            .as("seed %d, step %d", seed, step)
                            .isEqualTo(last + 1);
                }
            }
        }
    }
}
