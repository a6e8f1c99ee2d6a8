package io.forebay.processor;

import io.forebay.buffer.Reader;
import io.forebay.store.LiveEvent;
import io.forebay.store.LiveEvents;
import io.forebay.store.LiveTail;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The rings of the tasks that run here, and those who follow them.
 *
 * <p>The ring of a task that has gone is not closed: who follows it still gets what it has not seen, and then lets go of it. A task that
 * starts is made known to everybody who follows at that moment, so that it is seen even if it has gone before they look.
 *
 * <p>Thread-safe: tasks come and go on their StreamThreads.
 */
final class LiveRings<E> implements LiveEvents<E> {

    private final List<LiveRing<E>> running = new CopyOnWriteArrayList<>();
    private final List<Tail> tails = new CopyOnWriteArrayList<>();

    /** The ring of a task that starts; to be given back when it ends. */
    synchronized LiveRing<E> open(String name, int partition, int capacity) {
        LiveRing<E> opened = new LiveRing<>(name, partition, capacity, this::isFollowed);
        running.add(opened);
        tails.forEach(tail -> tail.started.add(opened));
        return opened;
    }

    /** The task has ended. */
    void close(LiveRing<E> ring) {
        running.remove(ring);
    }

    private boolean isFollowed() {
        return !tails.isEmpty();
    }

    @Override
    public synchronized LiveTail<E> follow() {
        Tail tail = new Tail();
        tails.add(tail); // before it looks where the rings are: from there on they show what comes
        running.forEach(ring -> tail.follow(ring, ring.readFromNow()));
        return tail;
    }

    private record Followed<E>(LiveRing<E> source, Reader<E> reader) {}

    private final class Tail implements LiveTail<E> {

        /** What has started since it was last looked at. */
        private final Queue<LiveRing<E>> started = new ConcurrentLinkedQueue<>();

        private @Nullable List<Followed<E>> followed = new ArrayList<>();
        private long missedInPast;

        private void follow(LiveRing<E> source, Reader<E> reader) {
            open().add(new Followed<>(source, reader));
        }

        @Override
        public int drain(Consumer<? super LiveEvent<E>> consumer, int max) {
            followStarted();
            int count = 0;
            for (Followed<E> each : List.copyOf(open())) {
                boolean gone = !running.contains(each.source);
                int here = each.reader.drain(
                        event -> consumer.accept(new LiveEvent<>(each.source.partition(), event)), max - count);
                if (gone && here == 0 && count < max) {
                    leave(each);
                }
                count += here;
            }
            return count;
        }

        /** What started after this one is seen from its beginning. */
        private void followStarted() {
            List<Followed<E>> known = open();
            for (LiveRing<E> source = started.poll(); source != null; source = started.poll()) {
                known.add(new Followed<>(source, source.readFromTheBeginning()));
            }
        }

        private void leave(Followed<E> gone) {
            missedInPast += gone.reader.missed();
            gone.reader.close();
            open().remove(gone);
        }

        @Override
        public long missed() {
            return missedInPast
                    + open().stream().mapToLong(each -> each.reader.missed()).sum();
        }

        @Override
        public void close() {
            if (followed != null) {
                tails.remove(this);
                started.clear();
                followed.forEach(each -> each.reader.close());
                followed = null;
            }
        }

        private List<Followed<E>> open() {
            if (followed == null) {
                throw new IllegalStateException("this tail of live events is closed");
            }
            return followed;
        }
    }
}
