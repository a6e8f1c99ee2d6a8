package io.forebay.benchmarks.serdes;

/**
 * One line of the table.
 *
 * @param ratio better than the peer by; larger is better
 * @param goal the least ratio that is good enough
 * @param lost what did not come out at the other end
 */
record Comparison(
        String workload, String against, double ours, double peer, double ratio, double goal, String unit, long lost) {

    static Comparison ofTimes(String workload, String against, double oursNanos, double peerNanos, double goal) {
        return new Comparison(workload, against, oursNanos, peerNanos, peerNanos / oursNanos, goal, "ns/op", 0);
    }

    @Override
    public String toString() {
        return String.format(
                "%-50s %-26s %9.0f %9.0f %-6s %6.2f × (goal %.1f)", workload, against, ours, peer, unit, ratio, goal);
    }
}
