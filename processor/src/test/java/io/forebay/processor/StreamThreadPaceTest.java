package io.forebay.processor;

import static org.assertj.core.api.Assertions.assertThat;

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
