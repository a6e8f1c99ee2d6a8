package io.forebay.processor;

import io.forebay.buffer.Reader;
import io.forebay.buffer.RingBuffer;
import io.forebay.store.LiveEvent;
import io.forebay.store.LiveEvents;
import io.forebay.store.LiveTail;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The rings of the tasks that run here, and those who follow them.
 *
 * <p>The ring of a task that has gone is not closed: who follows it still gets what it has not seen, and then lets go of it.
 *
 * <p>Thread-safe: tasks come and go on their StreamThreads.
 */
final class LiveRings<T, E> implements LiveEvents<E> {

    private final Function<T, E> event;
    private final List<LiveRing<T>> running = new CopyOnWriteArrayList<>();

    LiveRings(Function<T, E> event) {
        this.event = event;
    }

    /** The ring of a task that starts. Returns what to call when it ends. */
    Runnable add(int partition, RingBuffer<T> ring) {
        LiveRing<T> added = new LiveRing<>(partition, ring);
        running.add(added);
        return () -> running.remove(added);
    }

    @Override
    public LiveTail<E> follow() {
        return new Tail();
    }

    /** Told apart by identity: a task may come back with another ring. */
    private static final class LiveRing<T> {

        private final int partition;
        private final RingBuffer<T> ring;

        LiveRing(int partition, RingBuffer<T> ring) {
            this.partition = partition;
            this.ring = ring;
        }
    }

    private record Followed<T>(LiveRing<T> source, Reader<T> reader) {}

    private final class Tail implements LiveTail<E> {

        private @Nullable List<Followed<T>> followed = new ArrayList<>();
        private final Set<LiveRing<T>> known = new HashSet<>();
        private long missedInPast;

        Tail() {
            for (LiveRing<T> source : running) {
                follow(source, source.ring.tailingReader(source.ring.writePosition()));
            }
        }

        private void follow(LiveRing<T> source, Reader<T> reader) {
            known.add(source);
            open().add(new Followed<>(source, reader));
        }

        @Override
        public int drain(Consumer<? super LiveEvent<E>> consumer, int max) {
            followNew();
            int count = 0;
            for (Followed<T> each : List.copyOf(open())) {
                boolean gone = !running.contains(each.source);
                int here = each.reader.drain(
                        item -> consumer.accept(new LiveEvent<>(each.source.partition, event.apply(item))),
                        max - count);
                if (gone && here == 0 && count < max) {
                    leave(each);
                }
                count += here;
            }
            return count;
        }

        /** What started after this one is seen from its beginning. */
        private void followNew() {
            for (LiveRing<T> source : running) {
                if (!known.contains(source)) {
                    follow(source, source.ring.tailingReader(0));
                }
            }
        }

        private void leave(Followed<T> gone) {
            missedInPast += gone.reader.missed();
            gone.reader.close();
            open().remove(gone);
            known.remove(gone.source);
        }

        @Override
        public long missed() {
            return missedInPast
                    + open().stream().mapToLong(each -> each.reader.missed()).sum();
        }

        @Override
        public void close() {
            if (followed != null) {
                followed.forEach(each -> each.reader.close());
                followed = null;
            }
        }

        private List<Followed<T>> open() {
            if (followed == null) {
                throw new IllegalStateException("this tail of live events is closed");
            }
            return followed;
        }
    }
}
