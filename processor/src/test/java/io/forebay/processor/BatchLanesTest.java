package io.forebay.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.buffer.RetryPolicy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** The lanes by themselves: time is what the test says, and calls end when the test ends them. */
class BatchLanesTest {

    private static final int BATCH = 4;
    private static final long LINGER = 100;
    private static final long CALL_TIMEOUT = 1_000;
    private static final long DELIVERY_TIMEOUT = 10_000;
    private static final long DRAIN = 5_000;
    private static final RetryPolicy RETRY = new RetryPolicy(Duration.ofNanos(50), Duration.ofNanos(400), 2, 0);

    private final Calls calls = new Calls();
    private long now = 5;
    private boolean oneBatch;
    private int nextNumber;

    @Test
    void writesAFullBatchAtOnceAndOthersWhenTheyHaveLingered() {
        BatchLanes<Item> lanes = lanes(1, failure -> false, false);
        add(lanes, 0, 1, 2, 3, 4, 5);
        assertThat(calls.open)
                .singleElement()
                .satisfies(call -> assertThat(call.numbers()).containsExactly(1, 2, 3, 4));
        calls.open.remove().end(null);
        turn(lanes, LINGER - 1);
        assertThat(calls.open).isEmpty();
        turn(lanes, 1);
        assertThat(calls.open)
                .singleElement()
                .satisfies(call -> assertThat(call.numbers()).containsExactly(5));
        assertThat(lanes.inFlight()).isEqualTo(1);
        calls.open.remove().end(null);
        lanes.turn(false);
        assertThat(lanes.items()).isZero();
        assertThat(lanes.inFlight()).isZero();
        assertThat(calls.acknowledged).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void flushesWithoutLingering() {
        BatchLanes<Item> lanes = lanes(1, failure -> false, false);
        add(lanes, 0, 1);
        lanes.turn(true);
        assertThat(calls.open).hasSize(1);
    }

    @Test
    void writesNothingOfALaneWhileItsBatchIsInFlight() {
        BatchLanes<Item> lanes = lanes(1, failure -> false, false);
        add(lanes, 0, 1, 2, 3, 4, 5, 6, 7, 8);
        lanes.turn(true);
        assertThat(calls.open).hasSize(1);
        calls.open.remove().end(null);
        lanes.takeEnded();
        assertThat(calls.open)
                .singleElement()
                .satisfies(call -> assertThat(call.numbers()).containsExactly(5, 6, 7, 8));
    }

    @Test
    void backsOffBeforeItCallsAgain() {
        BatchLanes<Item> lanes = lanes(1, failure -> false, false);
        add(lanes, 0, 1, 2, 3, 4);
        calls.open.remove().end(new IllegalStateException("first"));
        lanes.turn(true);
        turn(lanes, 49);
        assertThat(calls.open).isEmpty();
        turn(lanes, 1);
        calls.open.remove().end(new IllegalStateException("second"));
        lanes.turn(true);
        turn(lanes, 99);
        assertThat(calls.open).isEmpty();
        turn(lanes, 1);
        calls.open.remove().end(null);
        lanes.turn(false);
        assertThat(calls.failed).isEqualTo(2);
        assertThat(calls.acknowledged).containsExactly(1, 2, 3, 4);
    }

    @Test
    void cancelsACallThatTakesTooLongAndWaitsForItsEnd() {
        BatchLanes<Item> lanes = lanes(1, failure -> false, false);
        add(lanes, 0, 1, 2, 3, 4);
        Call stubborn = calls.open.remove();
        turn(lanes, CALL_TIMEOUT - 1);
        assertThat(stubborn.cancelled).isFalse();
        turn(lanes, 1);
        assertThat(stubborn.cancelled).isTrue();
        for (int i = 0; i < 3; i++) {
            turn(lanes, CALL_TIMEOUT);
            assertThat(calls.open).as("calls while the first has not ended").isEmpty();
        }
        stubborn.end(new InterruptedException());
        lanes.turn(false);
        turn(lanes, 50);
        calls.open.remove().end(null);
        lanes.turn(false);
        assertThat(calls.acknowledged).containsExactly(1, 2, 3, 4);
    }

    @Test
    void takesAnAcknowledgementThatComesLate() {
        BatchLanes<Item> lanes = lanes(1, failure -> false, false);
        add(lanes, 0, 1, 2, 3, 4);
        turn(lanes, CALL_TIMEOUT);
        calls.open.remove().end(null);
        lanes.turn(false);
        assertThat(calls.acknowledged).containsExactly(1, 2, 3, 4);
    }

    @Test
    void givesUpABatchWhoseCallNeverEndsAndGoesOn() {
        BatchLanes<Item> lanes = lanes(1, failure -> false, false);
        add(lanes, 0, 1, 2, 3, 4, 5, 6, 7, 8);
        Call hanging = calls.open.remove();
        turn(lanes, CALL_TIMEOUT);
        turn(lanes, DELIVERY_TIMEOUT - CALL_TIMEOUT);
        assertThat(calls.lost).containsExactly(1, 2, 3, 4);
        assertThat(calls.lastFailure).isInstanceOf(TimeoutException.class);
        turn(lanes, 0);
        assertThat(calls.open)
                .singleElement()
                .satisfies(call -> assertThat(call.numbers()).containsExactly(5, 6, 7, 8));
        hanging.end(null);
        lanes.turn(false);
        assertThat(calls.acknowledged).as("what a forgotten call says").isEmpty();
        calls.open.remove().end(null);
        lanes.turn(false);
        assertThat(calls.acknowledged).containsExactly(5, 6, 7, 8);
    }

    @Test
    void isolatesTheItemToBlame() {
        BatchLanes<Item> lanes = lanes(1, failure -> failure instanceof IllegalArgumentException, true);
        calls.immediately = batch -> batch.stream().anyMatch(item -> item.number == 3)
                ? CompletableFuture.failedFuture(new IllegalArgumentException("bad record"))
                : CompletableFuture.completedFuture(null);
        add(lanes, 0, 1, 2, 3, 4);
        for (int i = 0; i < 10; i++) {
            lanes.turn(false);
        }
        assertThat(calls.lost).containsExactly(3);
        assertThat(calls.acknowledged).containsExactly(1, 2, 4);
        assertThat(lanes.items()).isZero();
    }

    @Test
    void triesThePartsOfABatchInTheTimeForTheWhole() {
        BatchLanes<Item> lanes = lanes(1, failure -> failure instanceof IllegalArgumentException, true);
        add(lanes, 0, 1, 2, 3, 4);
        List<List<Integer>> called = new ArrayList<>();
        while (lanes.items() > 0) {
            now += DELIVERY_TIMEOUT / 4 + 1;
            Call call = calls.open.remove();
            called.add(call.numbers());
            call.end(new IllegalArgumentException("bad records"));
            lanes.turn(false);
        }
        assertThat(called).containsExactly(List.of(1, 2, 3, 4), List.of(1, 2), List.of(1), List.of(2));
        assertThat(calls.lost).containsExactly(1, 2, 3, 4);
    }

    @Test
    void triesWhatItCanBeforeACommitEnds() {
        BatchLanes<Item> lanes = lanes(1, failure -> false, false);
        calls.immediately = batch -> CompletableFuture.failedFuture(new IllegalStateException("for now"));
        add(lanes, 0, IntStream.range(0, 5 * BATCH).toArray());
        long start = now;
        List<Long> ends = new ArrayList<>();
        while (lanes.items() > 0) {
            long itemsBefore = lanes.items();
            lanes.commit(new BatchLanes.Commit(start, start + 5_000));
            lanes.turn(true);
            if (lanes.items() < itemsBefore) {
                ends.add(now - start);
            }
            now++;
        }
        assertThat(calls.lost)
                .containsExactlyElementsOf(IntStream.range(0, 5 * BATCH).boxed().toList());
        assertThat(ends.get(0)).as("calls are short, so there is time").isBetween(4_500L, 5_000L);
        assertThat(ends.get(ends.size() - 1)).isLessThanOrEqualTo(5_000);
    }

    @Test
    void givesEachBatchACallBeforeACommitEnds() {
        BatchLanes<Item> lanes = lanes(1, failure -> false, false);
        add(lanes, 0, IntStream.range(0, 3 * BATCH).toArray());
        waitInACommit(lanes, 3_400);
        assertThat(lanes.items()).isZero();
        assertThat(calls.open).as("none of which has ever ended").hasSize(3).allMatch(call -> call.cancelled);
        assertThat(calls.failed).isEqualTo(3);
    }

    @Test
    void givesUpNothingForACommitThatHasNotBeenTried() {
        BatchLanes<Item> lanes = lanes(1, failure -> false, false);
        add(lanes, 0, IntStream.range(0, 3 * BATCH).toArray());
        waitInACommit(lanes, 2_500);
        assertThat(calls.lost).hasSize(2 * BATCH);
        assertThat(lanes.items()).isEqualTo(BATCH);
    }

    /** To its end, or until nothing is left. */
    private void waitInACommit(BatchLanes<Item> lanes, long nanos) {
        long start = now;
        while (lanes.items() > 0 && now - start <= nanos) {
            lanes.commit(new BatchLanes.Commit(start, start + nanos));
            lanes.turn(true);
            now += 10;
        }
    }

    @Test
    void hasOneBatchOfALaneOnlyWhenToldSo() {
        oneBatch = true;
        BatchLanes<Item> lanes = lanes(1, failure -> false, false);
        assertThat(fill(lanes)).isEqualTo(BATCH);
        calls.open.remove().end(null);
        lanes.turn(false);
        assertThat(fill(lanes)).isEqualTo(BATCH);
    }

    @Test
    void startsWhatWaitsAndTellsNobody() {
        BatchLanes<Item> lanes = lanes(2, failure -> true, false);
        calls.immediately = batch -> CompletableFuture.failedFuture(new IllegalArgumentException("for good"));
        add(lanes, 0, 1);
        lanes.start();
        assertThat(lanes.inFlight()).isEqualTo(1);
        assertThat(calls.lost).isEmpty();
        lanes.takeEnded();
        assertThat(calls.lost).containsExactly(1);
    }

    @Test
    void letsInNoMoreThanCanBeWrittenInTime() {
        BatchLanes<Item> lanes = lanes(1, failure -> false, false);
        assertThat(fill(lanes)).as("one in flight, one that is collected").isEqualTo(2 * BATCH);
        now += 1_000;
        calls.open.remove().end(null);
        lanes.turn(false);
        assertThat(fill(lanes)).as("1,000 for each of five batches").isEqualTo(4 * BATCH);
        now += DRAIN / 2;
        assertThat(lanes.admits(0)).as("while a call takes long").isFalse();
        while (lanes.items() > 0) {
            now += 2_000;
            calls.open.remove().end(null);
            lanes.turn(true);
        }
        assertThat(fill(lanes)).as("of a target that has become slower").isEqualTo(2 * BATCH);
        for (int i = 0; i < 50; i++) {
            now += 10;
            calls.open.remove().end(null);
            lanes.turn(false);
            fill(lanes);
        }
        assertThat(lanes.items()).as("of a target that has become fast").isGreaterThan(100 * BATCH);
    }

    private int fill(BatchLanes<Item> lanes) {
        int count = 0;
        while (lanes.admits(0)) {
            lanes.add(0, new Item(0, nextNumber++, 1));
            count++;
        }
        return count;
    }

    /** Calls end in any order and in any way, or not at all; keys stay in order and everything comes to one end. */
    @RepeatedTest(200)
    void keepsTheOrderOfEveryKeyWhateverHappens() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        BatchLanes<Item> lanes = lanes(
                1 + random.nextInt(4), failure -> failure instanceof IllegalArgumentException, random.nextBoolean());
        int keys = 1 + random.nextInt(6);
        int added = 0;
        if (random.nextInt(3) == 0) {
            lanes.commit(new BatchLanes.Commit(now, now + random.nextInt(100_000)));
        }
        for (int step = 0; step < 400 || lanes.items() > 0; step++) {
            assertThat(step).as("steps, seed %d", seed).isLessThan(100_000);
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    if (step < 400) {
                        lanes.add(added % keys, new Item(added % keys, added, 1));
                        added++;
                    }
                }
                case 2, 3 -> endSomeCall(random);
                default -> turn(lanes, random.nextInt(4) == 0 ? random.nextInt(2_000) : random.nextInt(60));
            }
            if (step >= 400) {
                lanes.turn(true);
            }
        }
        List<Integer> ends = new ArrayList<>(calls.acknowledged);
        ends.addAll(calls.lost);
        assertThat(ends)
                .as("seed %d", seed)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, added).boxed().toList());
        assertThat(calls.disorder).as("seed %d", seed).isNull();
        assertThat(lanes.inFlight()).isZero();
        assertThat(lanes.bytes()).isZero();
    }

    private void endSomeCall(Random random) {
        if (calls.open.isEmpty()) {
            return;
        }
        for (int skipped = random.nextInt(calls.open.size()); skipped > 0; skipped--) {
            calls.open.add(calls.open.remove());
        }
        Call call = calls.open.remove();
        switch (random.nextInt(8)) {
            case 0 -> call.end(new IllegalStateException("for now"));
            case 1 -> call.end(new IllegalArgumentException("for good"));
            case 2 -> {} // never ends
            default -> call.end(null);
        }
    }

    private void add(BatchLanes<Item> lanes, int key, int... numbers) {
        Arrays.stream(numbers).forEach(number -> lanes.add(key, new Item(key, number, 1)));
    }

    private void turn(BatchLanes<Item> lanes, long nanosLater) {
        now += nanosLater;
        lanes.turn(false);
    }

    private BatchLanes<Item> lanes(int count, Predicate<Throwable> permanent, boolean split) {
        return new BatchLanes<>(
                new BatchLanes.Settings<>(
                        count,
                        BATCH,
                        Long.MAX_VALUE,
                        LINGER,
                        CALL_TIMEOUT,
                        DELIVERY_TIMEOUT,
                        DRAIN,
                        oneBatch,
                        RETRY,
                        permanent,
                        split,
                        item -> item.bytes),
                calls,
                calls,
                () -> now);
    }

    private record Item(int key, int number, long bytes) {}

    private static final class Call implements BatchCall {

        private final List<Item> batch;
        private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
        private boolean cancelled;

        Call(List<Item> batch) {
            this.batch = batch;
        }

        List<Integer> numbers() {
            return batch.stream().map(Item::number).toList();
        }

        void end(@Nullable Throwable failure) {
            if (failure == null) {
                ended.complete(null);
            } else {
                ended.completeExceptionally(failure);
            }
        }

        @Override
        public CompletionStage<?> ended() {
            return ended;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    /** What an answer is at once, if there is one. */
    private interface Answer {
        CompletableFuture<@Nullable Void> to(List<Item> batch);
    }

    /** Both sides: makes calls that the test has to end, and notes what becomes of them. */
    private static final class Calls implements BatchCall.Starter<List<Item>>, BatchLanes.Outcome<Item> {

        private final Deque<Call> open = new ArrayDeque<>();
        private final List<Integer> acknowledged = new ArrayList<>();
        private final List<Integer> lost = new ArrayList<>();
        private final Map<Integer, Integer> lastEnded = new HashMap<>();
        private @Nullable Answer immediately;
        private @Nullable String disorder;
        private @Nullable Throwable lastFailure;
        private int failed;

        @Override
        public BatchCall start(List<Item> batch) {
            Call call = new Call(batch);
            requireOrder(batch);
            if (immediately == null) {
                open.add(call);
            } else {
                immediately.to(batch).whenComplete((result, failure) -> call.end(failure));
            }
            return call;
        }

        /** Nothing of a key may be called for before all that came earlier has come to an end, or is in the same batch. */
        private void requireOrder(List<Item> batch) {
            Map<Integer, Integer> last = new HashMap<>(lastEnded);
            for (Item item : batch) {
                Integer before = last.put(item.key, item.number);
                if (before != null && before >= item.number) {
                    disorder = item + " after number " + before;
                }
            }
        }

        private void end(List<Item> batch) {
            for (Item item : batch) {
                Integer before = lastEnded.put(item.key, item.number);
                if (before != null && before >= item.number) {
                    disorder = item + " ended after number " + before;
                }
            }
        }

        @Override
        public void acknowledged(List<Item> batch, long latencyNanos) {
            end(batch);
            batch.forEach(item -> acknowledged.add(item.number));
        }

        @Override
        public void callFailed(List<Item> batch, int calls, Throwable cause) {
            failed++;
        }

        @Override
        public void gaveUp(List<Item> batch, int calls, Throwable cause) {
            end(batch);
            lastFailure = cause;
            batch.forEach(item -> lost.add(item.number));
        }
    }
}
