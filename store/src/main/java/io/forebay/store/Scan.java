package io.forebay.store;

import io.forebay.store.EventDatabase.Table;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.jspecify.annotations.Nullable;

/**
 * Walks the events that a query asks for: the cursor over disk merged with what is in memory. It stands before the first
 * event; owns its snapshot. Belongs to one thread.
 */
final class Scan<E> implements Steps<E> {

    private final StoreSnapshot snapshot;
    private final EventCodec<E> codec;
    private final QueryPlan.Sources<E> sources;
    private final PriorityQueue<EventRow> memory;
    private final Order order;
    private final Runnable requireOpen;

    private byte @Nullable [] position;
    private @Nullable EventRow inMemory; // where it stands, if that is in memory
    private @Nullable E readAlready; // to check a condition

    /**
     * @param requireOpen called for every event; throws when the store is about to close
     */
    Scan(StoreSnapshot snapshot, EventCodec<E> codec, QueryPlan<E> plan, Runnable requireOpen) {
        this.snapshot = snapshot;
        this.codec = codec;
        this.order = plan.order();
        this.memory = new PriorityQueue<>(
                (left, right) -> order == Order.ASC ? Rows.compare(left, right) : Rows.compare(right, left));
        this.memory.addAll(plan.memoryHits(snapshot));
        this.sources = plan.open(snapshot);
        this.requireOpen = requireOpen;
    }

    @Override
    public boolean advance() {
        leave();
        while (true) {
            requireOpen.run();
            byte[] stored = sources.cursor().position();
            EventRow hit = memory.peek();
            if (hit != null && (stored == null || isBefore(hit, stored))) {
                inMemory = memory.remove();
                position = hit.position();
                return true;
            }
            if (stored == null) {
                return false;
            }
            position = stored;
            if (!snapshot.hides(stored) && passesFilters()) {
                return true;
            }
            leave();
        }
    }

    /** Where it stands. */
    byte[] position() {
        return Objects.requireNonNull(position, "before the first event, or after the last");
    }

    /** Reads the event if it has not been read yet. */
    @Override
    public E element() {
        if (inMemory != null) {
            return codec.deserialize(inMemory.payload());
        }
        if (readAlready == null) {
            readAlready = codec.deserialize(storedPayload());
        }
        return readAlready;
    }

    private void leave() {
        if (position != null && inMemory == null) {
            sources.cursor().next();
        }
        position = null;
        inMemory = null;
        readAlready = null;
    }

    private boolean isBefore(EventRow hit, byte[] stored) {
        int ascending = Rows.comparePosition(hit, stored);
        return order == Order.ASC ? ascending < 0 : ascending > 0;
    }

    private boolean passesFilters() {
        List<IndexCondition<E>> filters = sources.filters();
        if (filters.isEmpty()) {
            return true;
        }
        E event = element();
        for (IndexCondition<E> filter : filters) {
            if (!filter.matchesStored(event)) {
                return false;
            }
        }
        return true;
    }

    private byte[] storedPayload() {
        byte[] alongTheWay = sources.cursor().payload();
        byte[] payload = alongTheWay != null ? alongTheWay : snapshot.disk().get(Table.EVENTS, position());
        if (payload == null) {
            throw new ProcessorStateException("the event store has an index row for event '"
                    + new String(Rows.idOf(position()), StandardCharsets.UTF_8)
                    + "', but not the event: it is damaged; delete its directory to have it rebuilt");
        }
        return payload;
    }

    @Override
    public void close() {
        snapshot.close();
    }
}
