package io.forebay.buffer;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** Publication in the ring under every interleaving that jcstress finds; run by {@link JcstressTest}. */
public final class RingStress {
    private RingStress() {}

    /** The field is plain: only publication by the ring makes it visible. */
    public static final class Event {
        int value;

        Event(int value) {
            this.value = value;
        }
    }

    private static int poll(Reader<Event> reader) {
        Event event = reader.poll();
        return event == null ? -1 : event.value;
    }

    @JCStressTest
    @Outcome(id = "-1, -1", expect = Expect.ACCEPTABLE, desc = "nothing published yet")
    @Outcome(id = "-1, 1", expect = Expect.ACCEPTABLE, desc = "published in between")
    @Outcome(id = "1, -1", expect = Expect.ACCEPTABLE, desc = "first only")
    @Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "both, in order")
    @State
    public static class GatingReaderSeesWholeEventsInOrder {
        final RingBuffer<Event> ring = RingBuffer.<Event>builder()
                .capacity(2)
                .overflow(OverflowStrategy.BLOCK)
                .build();
        final Reader<Event> reader = ring.gatingReader();

        @Actor
        public void writer() {
            ring.tryWrite(new Event(1));
            ring.tryWrite(new Event(2));
        }

        @Actor
        public void reader(II_Result result) {
            result.r1 = poll(reader);
            result.r2 = poll(reader);
        }
    }

    @JCStressTest
    @Outcome(
            id = {"-1, -1", "-1, 1", "-1, 2", "-1, 3", "-1, 4", "-1, 5"},
            expect = Expect.ACCEPTABLE,
            desc = "late start")
    @Outcome(
            id = {"1, -1", "2, -1", "3, -1", "4, -1", "5, -1"},
            expect = Expect.ACCEPTABLE,
            desc = "one event")
    @Outcome(
            id = {"1, 2", "1, 3", "1, 4", "1, 5", "2, 3", "2, 4", "2, 5", "3, 4", "3, 5", "4, 5"},
            expect = Expect.ACCEPTABLE,
            desc = "in order, lapped or not")
    @State
    public static class LappedReaderNeverGoesBackNorSeesHalfAnEvent {
        final RingBuffer<Event> ring = RingBuffer.<Event>builder()
                .capacity(2)
                .overflow(OverflowStrategy.DROP_OLDEST)
                .build();
        final Reader<Event> reader = ring.tailingReader();

        @Actor
        public void writer() {
            for (int i = 1; i <= 5; i++) {
                ring.write(new Event(i));
            }
        }

        @Actor
        public void reader(II_Result result) {
            result.r1 = poll(reader);
            result.r2 = poll(reader);
        }
    }

    @JCStressTest
    @Outcome(
            id = {"1, 2, 1", "2, 1, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "both events, each once")
    @State
    public static class TwoWritersGetTwoPositions {
        final RingBuffer<Event> ring = RingBuffer.<Event>builder()
                .capacity(2)
                .overflow(OverflowStrategy.DROP_NEWEST)
                .build();
        final Reader<Event> reader = ring.gatingReader();

        @Actor
        public void first() {
            ring.write(new Event(1));
        }

        @Actor
        public void second() {
            ring.write(new Event(2));
        }

        @Arbiter
        public void arbiter(III_Result result) {
            result.r1 = poll(reader);
            result.r2 = poll(reader);
            result.r3 = poll(reader) == -1 ? 1 : 0;
        }
    }

    @JCStressTest
    @Outcome(id = "6, 6", expect = Expect.ACCEPTABLE, desc = "every event was seen or counted as missed")
    @State
    public static class OverwritingAccountsForEveryEvent {
        final RingBuffer<Event> ring = RingBuffer.<Event>builder()
                .capacity(2)
                .overflow(OverflowStrategy.DROP_OLDEST)
                .build();
        final Reader<Event> reader = ring.tailingReader();
        int seen;

        @Actor
        public void first() {
            for (int i = 0; i < 3; i++) {
                ring.write(new Event(i));
            }
        }

        @Actor
        public void second() {
            for (int i = 0; i < 3; i++) {
                ring.write(new Event(i));
                seen += poll(reader) == -1 ? 0 : 1;
            }
        }

        @Arbiter
        public void arbiter(II_Result result) {
            while (reader.poll() != null) {
                seen++;
            }
            result.r1 = seen + (int) reader.missed();
            result.r2 = seen + (int) ring.stats().totalDropped();
        }
    }

    @JCStressTest
    @Outcome(
            id = {"1, 1", "0, 0"},
            expect = Expect.ACCEPTABLE,
            desc = "accepted and before the end, or refused")
    @State
    public static class TheEndIsAfterEveryAcceptedEvent {
        final RingBuffer<Event> ring = RingBuffer.<Event>builder()
                .capacity(2)
                .overflow(OverflowStrategy.DROP_OLDEST)
                .build();
        final Reader<Event> reader = ring.gatingReader();
        long end;

        @Actor
        public void writer(II_Result result) {
            try {
                result.r1 = ring.write(new Event(1)) ? 1 : 0;
            } catch (IllegalStateException closed) {
                result.r1 = 0;
            }
        }

        @Actor
        public void closer() {
            end = ring.end();
        }

        @Arbiter
        public void arbiter(II_Result result) {
            result.r2 = (int) end;
        }
    }
}
