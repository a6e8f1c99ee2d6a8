package io.forebay.examples.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Shows the steps of a start, and how long each took, as they happen.
 *
 * <pre>
 *   broker       1.8 s  127.0.0.1:9092
 *   topic        0.2 s  forebay-events, 4 partitions
 *   ready        2.1 s
 * </pre>
 *
 * <p>On a terminal a step appears when it begins and its line is completed when it ends; elsewhere each line is written once.
 *
 * <p>Not thread-safe: steps follow each other.
 */
public final class StartupLog {

    private static final String CARRIAGE_RETURN = "\r";

    private final PrintStream out;
    private final boolean interactive;
    private final LongSupplier nanoTime;
    private final long beginNanos;

    StartupLog(PrintStream out, boolean interactive, LongSupplier nanoTime) {
        this.out = out;
        this.interactive = interactive;
        this.nanoTime = nanoTime;
        this.beginNanos = nanoTime.getAsLong();
    }

    /** A log on standard error, which starts to count now. */
    public static StartupLog toStandardError() {
        return new StartupLog(System.err, Console.current().interactive(), System::nanoTime);
    }

    /**
     * Runs a step and shows it.
     *
     * @param detail what to say about the result, beside the time
     * @return the result of {@code action}
     * @throws Exception what {@code action} throws; the step is then shown as failed
     */
    public <T> T step(String name, Callable<T> action, Function<? super T, String> detail) throws Exception {
        if (interactive) {
            out.printf("  %-12s …", name);
            out.flush();
        }
        long begin = nanoTime.getAsLong();
        boolean done = false;
        try {
            T result = action.call();
            done = true;
            line(name, begin, detail.apply(result));
            return result;
        } finally {
            if (!done) {
                line(name, begin, "failed");
            }
        }
    }

    /** Runs a step about which there is nothing to say but its time. */
    public <T> T step(String name, Callable<T> action) throws Exception {
        return step(name, action, result -> "");
    }

    /** Ends the start with its total time. */
    public void ready(String detail) {
        line("ready", beginNanos, detail);
    }

    private void line(String name, long sinceNanos, String detail) {
        String text =
                String.format(Locale.ROOT, "  %-12s %6s  %s", name, seconds(nanoTime.getAsLong() - sinceNanos), detail);
        out.println((interactive && !name.equals("ready") ? CARRIAGE_RETURN : "") + text.stripTrailing());
        out.flush();
    }

    /** A duration for people: {@code 1.8 s}. */
    static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }
}
