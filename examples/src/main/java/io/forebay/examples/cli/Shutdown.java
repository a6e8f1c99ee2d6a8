package io.forebay.examples.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops what has been started, in reverse order and in bounded time, whoever asks for it: the end of the program, Ctrl-C or
 * {@code SIGTERM}.
 *
 * <p>Each step runs on a thread of its own. A step that fails is reported and the next one runs. A step that hangs is
 * reported, its stack goes to the log, and it is left behind: it may use the time that is left but for a small share that is
 * kept for each step after it. A request that comes during the start-up waits for what is just being started, so that this
 * too is stopped in order.
 *
 * <p>On a signal the JVM ends as soon as the last step has. What is to be written at the very end, a summary, say, is therefore
 * given to {@link #atEnd}.
 *
 * <p>Thread-safe.
 */
public final class Shutdown implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    /** The part of the limit that is kept for each later step, as a divisor. */
    private static final int RESERVED_PART = 20;
    /** The part of the limit that a start-up in progress may take, as a divisor. */
    private static final int START_PART = 2;

    private final PrintStream out;
    private final long limitNanos;
    private final LongSupplier nanoTime;
    /** Guards {@link #steps}; held while something is being started, and while the steps run. */
    private final ReentrantLock lifecycle = new ReentrantLock();

    private final Deque<Step> steps = new ArrayDeque<>();
    private final CountDownLatch requested = new CountDownLatch(1);
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private volatile boolean clean = true;
    private volatile Runnable lastAction = () -> {};
    private volatile IntSupplier exitCode = () -> 0;

    Shutdown(PrintStream out, Duration limit, LongSupplier nanoTime) {
        this.out = out;
        this.limitNanos = limit.toNanos();
        this.nanoTime = nanoTime;
    }

    /** Reports on standard error, takes at most 10 s, and also runs when the JVM is told to end. */
    public static Shutdown onSignal() {
        Shutdown shutdown = new Shutdown(System.err, LIMIT, System::nanoTime);
        Runtime.getRuntime().addShutdownHook(new Thread(shutdown::closeOnSignal, "forebay-shutdown"));
        return shutdown;
    }

    /** Runs in the shutdown hook; the JVM would end with the signal's exit code, whatever came of the steps. */
    private void closeOnSignal() {
        boolean signalled = !isRequested();
        close();
        if (signalled) {
            Runtime.getRuntime().halt(exitCode.getAsInt());
        }
    }

    /**
     * Starts something that is to be closed before everything that was started earlier.
     *
     * @return what {@code action} has started
     * @throws CancellationException if the shutdown has been asked for; {@code action} has then not been called
     * @throws Exception what {@code action} throws
     */
    public <T extends AutoCloseable> T start(String name, Callable<T> action) throws Exception {
        lifecycle.lock();
        try {
            if (isRequested()) {
                throw new CancellationException("shutting down: " + name + " is not started any more");
            }
            T started = action.call();
            steps.push(new Step(name, started));
            return started;
        } finally {
            lifecycle.unlock();
        }
    }

    /**
     * Adds an action to be run before everything that was added earlier.
     *
     * @throws CancellationException if the shutdown has been asked for
     */
    public void register(String name, AutoCloseable action) {
        lifecycle.lock();
        try {
            if (isRequested()) {
                throw new CancellationException("shutting down: " + name + " comes too late");
            }
            steps.push(new Step(name, action));
        } finally {
            lifecycle.unlock();
        }
    }

    /**
     * Sets what is done after the last step, whether the steps ended well or not, and the exit code after a signal.
     *
     * @param action should be quick
     * @param codeOnSignal asked after {@code action}
     */
    public void atEnd(Runnable action, IntSupplier codeOnSignal) {
        lastAction = action;
        exitCode = codeOnSignal;
    }

    /** Asks for the shutdown and does not wait for it: for those who would be in its way. */
    public void request() {
        requested.countDown();
    }

    /** Waits until somebody asks for the shutdown; returns at once if that has happened. */
    public void awaitRequest() throws InterruptedException {
        requested.await();
    }

    /** Waits until somebody asks for the shutdown, at most for {@code timeout}; tells whether that has happened. */
    public boolean awaitRequest(Duration timeout) throws InterruptedException {
        return requested.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Whether somebody has asked for the shutdown. */
    public boolean isRequested() {
        return requested.getCount() == 0;
    }

    /** Whether all steps that have run so far have ended well. */
    public boolean isClean() {
        return clean;
    }

    /** Runs the steps. Of several callers one does it, and the others wait until it is done. */
    @Override
    public void close() {
        requested.countDown();
        if (begun.compareAndSet(false, true)) {
            // On a thread of its own: an interrupt of the caller must not cut the steps short.
            daemon("forebay-stop", this::run);
        }
        done.join();
    }

    private void run() {
        long begin = nanoTime.getAsLong();
        try {
            if (lifecycle.tryLock(limitNanos / START_PART, TimeUnit.NANOSECONDS)) {
                try {
                    runSteps(begin + limitNanos);
                } finally {
                    lifecycle.unlock();
                }
            } else {
                clean = false;
                report("start-up", begin, "hangs: ending without it");
            }
            lastAction.run();
            done.complete(null);
        } catch (Throwable e) { // an Error as well: whoever waits must hear of it
            done.completeExceptionally(e);
        }
    }

    private void runSteps(long deadline) throws InterruptedException {
        long reserved = limitNanos / RESERVED_PART;
        while (!steps.isEmpty()) {
            Step step = steps.pop();
            long allowed = deadline - nanoTime.getAsLong() - steps.size() * reserved;
            clean &= stop(step, Math.max(allowed, reserved));
        }
    }

    private boolean stop(Step step, long allowedNanos) throws InterruptedException {
        long begin = nanoTime.getAsLong();
        CompletableFuture<Void> ended = new CompletableFuture<>();
        Thread thread = daemon("forebay-stop-" + step.name(), () -> step.close(ended));
        try {
            ended.get(allowedNanos, TimeUnit.NANOSECONDS);
            report(step.name(), begin, "");
            return true;
        } catch (ExecutionException e) {
            LOG.info("Stopping {} failed", step.name(), e.getCause());
            report(step.name(), begin, "failed: " + e.getCause());
        } catch (TimeoutException e) {
            LOG.info("Stopping {} hangs here:\n{}", step.name(), stack(thread));
            report(step.name(), begin, "hangs: going on without it");
        }
        return false;
    }

    private void report(String name, long beginNanos, String outcome) {
        String time = StartupLog.seconds(nanoTime.getAsLong() - beginNanos);
        out.println(String.format(Locale.ROOT, "  stop %-12s %6s  %s", name, time, outcome)
                .stripTrailing());
        out.flush();
    }

    private static Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static String stack(Thread thread) {
        return Stream.of(thread.getStackTrace()).map(frame -> "  at " + frame).collect(Collectors.joining("\n"));
    }

    private record Step(String name, AutoCloseable closeable) {

        void close(CompletableFuture<Void> ended) {
            try {
                closeable.close();
                ended.complete(null);
            } catch (Throwable e) { // an Error as well: whoever waits must hear of it
                ended.completeExceptionally(e);
            }
        }
    }
}
