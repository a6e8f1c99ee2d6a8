package io.forebay.processor;

import io.forebay.store.internal.streams.ClientTimeouts;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a writer waits for what, in nanoseconds.
 *
 * <p>The <em>window</em> is the time that a StreamThread has before others think that it is gone: {@code max.poll.interval.ms}, and under
 * exactly-once what a transaction has left when a commit is due. Half of it may have passed when a round begins ({@link StreamThreadPace}).
 * An eighth is for waiting for room in a round, a third at most for waiting in a commit; the rest is for work.
 *
 * @param roomNanos how long a round may be held up for lack of room
 * @param commitNanos how long a commit waits for what is in flight
 * @param deliveryNanos how long a batch is tried again
 * @param callNanos how long a call may take
 */
record WriterTimeouts(long roomNanos, long commitNanos, long deliveryNanos, long callNanos) {

    private static final Duration DEFAULT_DELIVERY = Duration.ofMinutes(1);
    private static final Duration DEFAULT_CALL = Duration.ofSeconds(10);

    /** What the user has said; what is null follows from the window. */
    record Wanted(
            @Nullable Duration commit,
            @Nullable Duration delivery,
            @Nullable Duration call) {

        Wanted {
            requireNotLonger("callTimeout", call, "deliveryTimeout", delivery, "");
            requireNotLonger("deliveryTimeout", delivery, "commitTimeout", commit, "");
            requireNotLonger("callTimeout", call, "commitTimeout", commit, "");
        }
    }

    /**
     * The time-outs that are wanted, completed.
     *
     * @throws IllegalArgumentException if they do not fit into the application's
     */
    static WriterTimeouts of(String writer, Wanted wanted, ClientTimeouts client) {
        Duration window = window(client);
        String derived = " (batch writer " + writer + "; what is not set follows from a window of " + window + ": "
                + describe(client) + ")";
        Duration commit = orElse(wanted.commit, window.dividedBy(4));
        requireNotLonger("commitTimeout", commit, "a third of the window", window.dividedBy(3), derived);
        Duration delivery = orElse(
                wanted.delivery, min(DEFAULT_DELIVERY, commit.multipliedBy(4).dividedBy(5)));
        requireNotLonger("deliveryTimeout", delivery, "commitTimeout", commit, derived);
        Duration call = orElse(wanted.call, min(DEFAULT_CALL, delivery.dividedBy(3)));
        requireNotLonger("callTimeout", call, "deliveryTimeout", delivery, derived);
        return new WriterTimeouts(window.dividedBy(8).toNanos(), commit.toNanos(), delivery.toNanos(), call.toNanos());
    }

    private static Duration window(ClientTimeouts client) {
        long milliseconds = client.maxPollIntervalMs();
        if (client.transactionTimeoutMs().isPresent()) {
            long left = client.transactionTimeoutMs().getAsLong() - client.commitIntervalMs();
            milliseconds = Math.max(1, Math.min(milliseconds, left));
        }
        return Duration.ofMillis(milliseconds);
    }

    private static String describe(ClientTimeouts client) {
        String polls = "max.poll.interval.ms=" + client.maxPollIntervalMs();
        return client.transactionTimeoutMs().isEmpty()
                ? polls
                : polls + ", under exactly-once also transaction.timeout.ms="
                        + client.transactionTimeoutMs().getAsLong() + " less commit.interval.ms="
                        + client.commitIntervalMs();
    }

    private static Duration orElse(@Nullable Duration wanted, Duration otherwise) {
        return wanted != null ? wanted : otherwise;
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static void requireNotLonger(
            String name, @Nullable Duration value, String boundName, @Nullable Duration bound, String explanation) {
        if (value != null && bound != null && value.compareTo(bound) > 0) {
            throw new IllegalArgumentException(
                    name + "=" + value + " must not be longer than " + boundName + "=" + bound + explanation);
        }
    }
}
