package io.forebay.query;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How fast counters have grown in the last minutes, so that a page that has just been opened can show what was before.
 *
 * <p>It is fed with the counters about once a second and keeps what each has grown by since the time before, with the
 * time that really passed: a late sample makes a longer point, not a wrong one. A missing sample leaves a gap.
 *
 * <p>Thread-safe: one thread samples, any number read. Memory is bounded by the time kept.
 */
final class EventRate {

    static final int MAX_SECONDS = 600;

    private final Deque<Point> points = new ArrayDeque<>();
    private @Nullable Sample previous;

    /**
     * What happened between two samples.
     *
     * @param end when it ended
     * @param seconds how long it was
     * @param perSecond the growth of each counter, divided by the time
     */
    record Point(Instant end, double seconds, Map<String, Double> perSecond) {}

    private record Sample(long nanos, Map<String, Long> counters) {}

    /**
     * Adds a sample.
     *
     * @param now the time of day
     * @param nanos a clock that only goes forward, in nanoseconds
     * @param counters what the counters say
     */
    synchronized void sample(Instant now, long nanos, Map<String, Long> counters) {
        Sample current = new Sample(nanos, new LinkedHashMap<>(counters));
        Sample last = previous;
        previous = current;
        if (last != null && nanos > last.nanos) {
            points.addLast(pointBetween(last, current, now));
        }
        forgetBefore(now.minusSeconds(MAX_SECONDS));
    }

    /** Says that there is no sample now: the next point starts with the next sample. */
    synchronized void skip() {
        previous = null;
    }

    /** What happened in the given time before now, oldest first. */
    synchronized List<Point> last(Duration time, Instant now) {
        Instant start = now.minus(time);
        return points.stream().filter(point -> !point.end.isBefore(start)).toList();
    }

    private static Point pointBetween(Sample last, Sample current, Instant now) {
        double seconds = (current.nanos - last.nanos) / 1e9;
        Map<String, Double> perSecond = new LinkedHashMap<>();
        current.counters.forEach((name, count) -> {
            // A counter that is new, or has gone back, says nothing about this time.
            long grown = Math.max(0, count - last.counters.getOrDefault(name, count));
            perSecond.put(name, grown / seconds);
        });
        return new Point(now, seconds, perSecond);
    }

    private void forgetBefore(Instant time) {
        for (Point first = points.peekFirst(); first != null && first.end.isBefore(time); first = points.peekFirst()) {
            points.removeFirst();
        }
    }
}
