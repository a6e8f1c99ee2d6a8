package io.forebay.buffer;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Time stands still until a test moves it; processors run on the test's thread, when it says so. Not thread-safe. */
final class ManualScheduler implements BufferScheduler {
    private record Timer(long atNanos, long order, Runnable task) {}

    private final List<Timer> timers = new ArrayList<>();
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private long nowNanos;
    private long order;

    @Override
    public long nanoTime() {
        return nowNanos;
    }

    @Override
    public Cancellation schedule(Runnable task, Duration delay) {
        Timer timer = new Timer(nowNanos + delay.toNanos(), order++, task);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    /** Runs what is waiting to be run, and what that starts. */
    void runTasks() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    int waitingTasks() {
        return tasks.size();
    }

    /** Moves time forward, timer by timer, and runs what becomes due. */
    void advance(Duration duration) {
        long target = nowNanos + duration.toNanos();
        runTasks();
        for (Optional<Timer> next = nextUntil(target); next.isPresent(); next = nextUntil(target)) {
            Timer timer = next.get();
            timers.remove(timer);
            nowNanos = Math.max(nowNanos, timer.atNanos);
            timer.task.run();
            runTasks();
        }
        nowNanos = Math.max(nowNanos, target);
    }

    /** Time that passes while something runs: timers that become due run at once, as on a thread of their own. */
    void pass(Duration duration) {
        long target = nowNanos + duration.toNanos();
        for (Optional<Timer> next = nextUntil(target); next.isPresent(); next = nextUntil(target)) {
            timers.remove(next.get());
            nowNanos = Math.max(nowNanos, next.get().atNanos);
            next.get().task.run();
        }
        nowNanos = Math.max(nowNanos, target);
    }

    private Optional<Timer> nextUntil(long nanos) {
        return timers.stream()
                .filter(timer -> timer.atNanos <= nanos)
                .min(Comparator.comparingLong(Timer::atNanos).thenComparingLong(Timer::order));
    }
}
