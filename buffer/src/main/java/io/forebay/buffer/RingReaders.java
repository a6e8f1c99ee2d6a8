package io.forebay.buffer;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The readers of a ring, how far writers may go because of them, and the accounts of what was lost.
 *
 * <p>Everything that is rare happens under this object's monitor: opening and closing readers, clearing, statistics, settling
 * losses. Writers and readers in their normal course only look at the copy-on-write arrays.
 *
 * <p><b>Settling.</b> On a ring that drops its oldest events, the positions before {@code cursor - capacity} are gone. Settling
 * moves every reader that is still before that point to it, and adds what they jumped over to their {@code missed}. For the ring, an event is
 * dropped if it was overwritten before every <em>decisive</em> reader had it: decisive are the readers that were opened as
 * gating, or, if there is none, all, or, if there is none at all, a reader that never reads. Each loss is one interval that ends at the same point for all of
 * them, therefore the union is the longest one, from {@code settledUpTo} on.
 *
 * <p><b>Abandoned positions.</b> A writer that finds its slot in the hands of a suspended writer of an earlier lap gives its position up
 * (see {@link RingBuffer}). Such a position counts as dropped from the start, and leaves the set when it falls out of the ring.
 */
final class RingReaders<E> {
    private final RingBuffer<E> ring;
    private final Set<Long> abandoned = ConcurrentHashMap.newKeySet();
    private volatile List<GatingReader<E>> gating = List.of();
    private volatile List<TailingReader<E>> tailing = List.of();
    /** Where the last gating reader stopped: writers wait for this position while there is none. */
    private volatile long floor;

    private volatile boolean onlyReader;
    private long settledUpTo;
    private long clearedUpTo;
    private long dropped;
    private long cleared;
    private long closedReads;

    RingReaders(RingBuffer<E> ring, long firstPosition) {
        this.ring = ring;
        this.floor = firstPosition;
        this.settledUpTo = firstPosition;
        this.clearedUpTo = firstPosition;
    }

    /** True if there is exactly one gating reader and no tailing one. */
    boolean isOnlyReader() {
        return onlyReader;
    }

    /** The position that writers must not overwrite. */
    long slowestGate() {
        List<GatingReader<E>> readers = gating;
        if (readers.isEmpty()) {
            return floor;
        }
        long slowest = readers.get(0).gate();
        for (int i = 1; i < readers.size(); i++) {
            slowest = earlier(slowest, readers.get(i).gate());
        }
        return slowest;
    }

    /** Up to where every reader is done with the events, at most the given position. */
    long releasableUpTo(long limit) {
        if (!tailing.isEmpty()) {
            return limit - ring.capacity();
        }
        long slowest = limit;
        for (GatingReader<E> reader : gating) {
            slowest = earlier(slowest, reader.delivered());
        }
        return slowest;
    }

    synchronized GatingReader<E> openGating() {
        ring.checkOpen();
        List<GatingReader<E>> others = gating;
        GatingReader<E> reader = new GatingReader<>(ring, slowestGate());
        replaceGating(with(others, reader));
        // Others may have moved on and let go of events before they knew of the new reader: it starts behind those.
        long start = reader.position();
        for (int i = 0; i < others.size(); i++) {
            long position = others.get(i).settledPosition();
            start = i == 0 ? position : earlier(start, position);
        }
        reader.skipForClear(start);
        reader.openGate();
        return reader;
    }

    synchronized TailingReader<E> openTailing(boolean decisive) {
        return openTailing(oldestForTailing(), decisive);
    }

    synchronized TailingReader<E> openTailing(long start, boolean decisive) {
        ring.checkOpen();
        settle();
        TailingReader<E> reader = new TailingReader<>(ring, later(start, clearedUpTo), decisive);
        replaceTailing(with(tailing, reader));
        return reader;
    }

    synchronized void close(RingReader<E> reader) {
        if (reader.isClosed()) {
            return;
        }
        settle();
        reader.markClosed();
        closedReads += reader.readCount();
        if (reader instanceof GatingReader<E> gatingReader) {
            closeGating(gatingReader);
        } else {
            closeTailing(reader);
        }
    }

    private void closeGating(GatingReader<E> reader) {
        if (gating.size() == 1) {
            floor = reader.settledPosition();
        }
        replaceGating(without(gating, reader));
    }

    private void closeTailing(RingReader<E> reader) {
        List<TailingReader<E>> decisive = decisiveReaders();
        if (decisive.size() == 1 && decisive.get(0) == reader) {
            settledUpTo = later(settledUpTo, reader.position());
        }
        replaceTailing(without(tailing, reader));
    }

    /** Moves readers that were lapped to the oldest event, and accounts for what was lost. */
    synchronized void settle() {
        long oldest = ring.cursor() - ring.capacity();
        long slowest = oldest;
        List<TailingReader<E>> decisive = decisiveReaders();
        for (TailingReader<E> reader : tailing) {
            long before = reader.skipTo(oldest, true);
            if (decisive.contains(reader)) {
                slowest = earlier(slowest, before);
            }
        }
        if (ring.overwrites() && oldest - settledUpTo > 0) {
            long from = decisive.isEmpty() ? settledUpTo : later(settledUpTo, slowest);
            dropped += oldest - from;
            dropped += abandonedBetween(settledUpTo, from);
            settledUpTo = oldest;
            abandoned.removeIf(position -> settledUpTo - position > 0);
        }
    }

    /** Leaves out what is before the range: a writer may be so late in abandoning that the loss is settled already. */
    private long abandonedBetween(long from, long to) {
        return abandoned.stream()
                .filter(position -> position - from >= 0 && to - position > 0)
                .count();
    }

    void abandon(long position) {
        abandoned.add(position);
    }

    boolean isAbandoned(long position) {
        return !abandoned.isEmpty() && abandoned.contains(position);
    }

    synchronized void clear() {
        settle();
        if (ring.overwrites()) {
            clearOverwriting();
        } else {
            clearGated();
        }
        settle();
    }

    private void clearOverwriting() {
        long from = slowestPosition();
        long oldest = later(ring.cursor() - ring.capacity(), clearedUpTo);
        long to = endOfPublished(oldest);
        for (TailingReader<E> reader : tailing) {
            reader.skipTo(to, false);
        }
        for (long position = oldest; to - position > 0; position++) {
            ring.slots().releaseIfStill(position);
        }
        cleared += Math.max(0, to - from);
        settledUpTo = later(settledUpTo, to);
        clearedUpTo = to;
    }

    private void clearGated() {
        long slowest = slowestPosition();
        long to = endOfPublished(slowest);
        long releaseFrom = slowest;
        for (GatingReader<E> reader : gating) {
            long before = reader.skipForClear(to);
            if (reader.isDelivering()) {
                releaseFrom = later(releaseFrom, before);
            }
        }
        for (TailingReader<E> reader : tailing) {
            reader.skipTo(to, false);
        }
        ring.slots().release(releaseFrom, to);
        floor = gating.isEmpty() ? to : floor;
        gating.forEach(GatingReader::openGate);
        cleared += to - slowest;
        clearedUpTo = to;
    }

    private long endOfPublished(long from) {
        int window = (int) Math.max(0, Math.min(ring.capacity(), ring.cursor() - from));
        return from + ring.slots().countPublished(from, window);
    }

    synchronized RingBufferStats stats(long rejected) {
        settle();
        long cursor = ring.cursor();
        long slowest = slowestPosition();
        long reads = closedReads;
        for (GatingReader<E> reader : gating) {
            reads += reader.readCount();
        }
        for (TailingReader<E> reader : tailing) {
            reads += reader.readCount();
        }
        long available = Math.max(0, Math.min(ring.capacity(), cursor - slowest));
        return new RingBufferStats(
                ring.name(),
                ring.capacity(),
                cursor,
                slowest,
                available,
                cursor - ring.firstPosition(),
                reads,
                dropped + abandonedBetween(settledUpTo, cursor) + rejected,
                rejected,
                cleared);
    }

    /** The position of the slowest reader that decides what is unread. */
    synchronized long slowestPosition() {
        if (!ring.overwrites()) {
            return slowestGate();
        }
        long oldest = later(ring.cursor() - ring.capacity(), settledUpTo);
        List<TailingReader<E>> decisive = decisiveReaders();
        if (decisive.isEmpty()) {
            return oldest;
        }
        long slowest = decisive.get(0).position();
        for (TailingReader<E> reader : decisive) {
            slowest = earlier(slowest, reader.position());
        }
        return later(slowest, ring.cursor() - ring.capacity());
    }

    private long oldestForTailing() {
        long oldest = later(ring.cursor() - ring.capacity(), ring.firstPosition());
        return ring.overwrites() ? oldest : later(oldest, slowestGate());
    }

    private List<TailingReader<E>> decisiveReaders() {
        if (!ring.overwrites()) {
            return List.of();
        }
        List<TailingReader<E>> decisive =
                tailing.stream().filter(TailingReader::isDecisive).toList();
        return decisive.isEmpty() ? tailing : decisive;
    }

    private void replaceGating(List<GatingReader<E>> readers) {
        gating = readers;
        onlyReader = readers.size() == 1 && tailing.isEmpty();
    }

    private void replaceTailing(List<TailingReader<E>> readers) {
        tailing = readers;
        onlyReader = gating.size() == 1 && readers.isEmpty();
    }

    private static <T> List<T> with(List<T> list, T added) {
        List<T> copy = new ArrayList<>(list);
        copy.add(added);
        return List.copyOf(copy);
    }

    private static <T> List<T> without(List<T> list, Object removed) {
        return list.stream().filter(element -> element != removed).toList();
    }

    private static long earlier(long a, long b) {
        return a - b < 0 ? a : b;
    }

    private static long later(long a, long b) {
        return a - b > 0 ? a : b;
    }
}
