package io.forebay.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.buffer.RetryPolicy;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the tasks of a thread share. Times are what the test says. */
class StreamThreadPaceTest {

    private static final long BUDGET = 100;

    private final StreamThreadPace pace = new StreamThreadPace();

    @Test
    void sharesTheTimeForACommitBetweenTasks() {
        assertThat(pace.commitBudgetNanos(1_000, BUDGET)).isEqualTo(BUDGET);
        pace.waitedInCommit(1_060, 60);
        assertThat(pace.commitBudgetNanos(1_080, BUDGET)).as("the next task").isEqualTo(40);
        pace.waitedInCommit(1_120, 40);
        assertThat(pace.commitBudgetNanos(1_200, BUDGET))
                .as("a task that is closed")
                .isZero();
    }

    @Test
    void leavesTimeForTheTasksThatHaveSomethingToo() {
        assertThat(pace.shareNanos(BUDGET, 10)).as("none has anything").isEqualTo(BUDGET);
        BatchLanes<String> first = lanes();
        BatchLanes<String> second = lanes();
        BatchLanes<String> third = lanes();
        assertThat(pace.shareNanos(BUDGET, 10)).as("nor have these").isEqualTo(BUDGET);
        List.of(first, second, third).forEach(lanes -> lanes.add(0, "item"));
        assertThat(pace.shareNanos(BUDGET, 10)).as("one call for each").isEqualTo(80);
        assertThat(pace.shareNanos(BUDGET, 90)).as("even shares").isEqualTo(33);
        pace.leave(second);
        assertThat(pace.shareNanos(BUDGET, 10)).isEqualTo(90);
    }

    @Test
    void startsWhatOtherTasksHaveForACommitOfOne() {
        BatchLanes<String> first = lanes();
        BatchLanes<String> second = lanes();
        first.add(0, "item");
        second.add(0, "item");
        pace.startAll();
        assertThat(first.inFlight() + second.inFlight()).isEqualTo(2);
    }

    private BatchLanes<String> lanes() {
        BatchLanes<String> lanes = new BatchLanes<>(
                new BatchLanes.Settings<>(
                        1, 10, 10, 10, 10, 10, 10, false, RetryPolicy.DEFAULT, failure -> false, false, item -> 1),
                batch -> BatchCall.failed(new IllegalStateException("refused")),
                new Silent(),
                () -> 0);
        pace.join(lanes);
        return lanes;
    }

    private static final class Silent implements BatchLanes.Outcome<String> {
        @Override
        public void acknowledged(List<String> batch, long latencyNanos) {}

        @Override
        public void callFailed(List<String> batch, int calls, Throwable cause) {}

        @Override
        public void gaveUp(List<String> batch, int calls, Throwable cause) {}
    }

    @Test
    void doesNotCountWhatElseHoldsACommitUp() {
        pace.waitedInCommit(1_010, 10);
        assertThat(pace.commitBudgetNanos(1_010 + BUDGET, BUDGET)).isEqualTo(90);
    }

    @Test
    void beginsAnewWhenSomethingHasBeenProcessedOrARoundHasEndedOrLongAfter() {
        pace.waitedInCommit(1_100, BUDGET);
        pace.processing();
        assertThat(pace.commitBudgetNanos(1_101, BUDGET)).isEqualTo(BUDGET);
        pace.waitedInCommit(1_200, BUDGET);
        pace.roundEnded(1_201);
        assertThat(pace.commitBudgetNanos(1_202, BUDGET)).isEqualTo(BUDGET);
        pace.waitedInCommit(1_300, BUDGET);
        assertThat(pace.commitBudgetNanos(1_301 + BUDGET, BUDGET)).isEqualTo(BUDGET);
    }

    @Test
    void measuresARoundFromTheEndOfTheOneBefore() {
        assertThat(pace.roundStartNanos(500)).as("the first").isEqualTo(500);
        assertThat(pace.roundStartNanos(600)).isEqualTo(500);
        pace.roundEnded(700);
        assertThat(pace.roundStartNanos(800)).isEqualTo(700);
    }
}
