package io.forebay.buffer;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Hand-over of the double buffers under every interleaving that jcstress finds; run by {@link JcstressTest}. */
public final class DoubleBufferHandOver {
    private DoubleBufferHandOver() {}

    /** Runs the processor in the thread that asks for it, and never fires a timer. */
    private static final class Inline implements BufferScheduler {
        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public Cancellation schedule(Runnable task, Duration delay) {
            return () -> {};
        }

        @Override
        public void execute(Runnable task) {
            task.run();
        }
    }

    @JCStressTest
    @Outcome(id = "2, 0", expect = Expect.ACCEPTABLE, desc = "both processed once")
    @State
    public static class PushBesideFlush {
        final AtomicInteger processed = new AtomicInteger();
        final QueueBuffer<Integer> buffer = QueueBuffer.<Integer>builder(batch -> processed.addAndGet(batch.size()))
                .partitions(1)
                .scheduler(new Inline())
                .start();

        @Actor
        public void writer() {
            buffer.push(1);
            buffer.push(2);
        }

        @Actor
        public void flusher() {
            buffer.flush();
        }

        @Arbiter
        public void arbiter(II_Result result) {
            buffer.flush();
            result.r1 = processed.get();
            result.r2 = buffer.size();
        }
    }

    @JCStressTest
    @Outcome(
            id = {"1, 1", "0, 0"},
            expect = Expect.ACCEPTABLE,
            desc = "accepted and processed, or refused")
    @State
    public static class PushBesideClose {
        final AtomicInteger processed = new AtomicInteger();
        final QueueBuffer<Integer> buffer = QueueBuffer.<Integer>builder(batch -> processed.addAndGet(batch.size()))
                .partitions(1)
                .scheduler(new Inline())
                .start();

        @Actor
        public void writer(II_Result result) {
            try {
                result.r1 = buffer.push(1) ? 1 : 0;
            } catch (IllegalStateException closed) {
                result.r1 = 0;
            }
        }

        @Actor
        public void closer() {
            buffer.close(Duration.ofMinutes(1));
        }

        @Arbiter
        public void arbiter(II_Result result) {
            result.r2 = processed.get();
        }
    }

    @JCStressTest
    @Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "the newest version is handed over last")
    @State
    public static class NewestWinsBesideFlush {
        final AtomicInteger last = new AtomicInteger(); // the store behind the buffer
        final PutNewerBuffer<String, Integer> buffer = PutNewerBuffer.<String, Integer>builder(
                        batch -> last.set((int) batch.get(0).version()))
                .partitions(1)
                .storedVersions(
                        keys -> last.get() == 0 ? java.util.Map.of() : java.util.Map.of("key", (long) last.get()))
                .scheduler(new Inline())
                .start();

        @Actor
        public void older() {
            buffer.putNewer("key", 1, 1);
            buffer.flush();
        }

        @Actor
        public void newer() {
            buffer.putNewer("key", 2, 2);
        }

        @Arbiter
        public void arbiter(II_Result result) {
            buffer.flush();
            result.r1 = last.get();
            result.r2 = last.get();
        }
    }
}
