package io.forebay.benchmarks;

/**
 * One line of a benchmark table.
 *
 * @param workload what was done
 * @param against the peer, or what the goal is measured against
 * @param ours our figure
 * @param peer the peer's figure, or the absolute goal
 * @param ratio better than the peer by: larger is better, times are inverted
 * @param goal the ratio to reach, or {@link #NO_GOAL}
 * @param unit unit of both figures
 * @param lost elements that were lost or dropped on our side
 */
public record ResultRow(
        String workload, String against, double ours, double peer, double ratio, double goal, String unit, long lost) {
    /** The goal of a row that is there for comparison only. */
    public static final double NO_GOAL = 0;

    /** Whether the goal is reached. */
    public boolean reached() {
        return ratio >= goal;
    }
}
