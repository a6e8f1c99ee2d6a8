package io.forebay.buffer;

import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A reader that writers do not wait for. It validates every slot it reads, and when it finds that it was lapped, it has the
 * losses settled and goes on with the oldest event that is still there.
 */
final class TailingReader<E> extends RingReader<E> {
    private final boolean decisive;

    /** @param decisive whether an event that this reader misses counts as lost for the whole ring */
    TailingReader(RingBuffer<E> ring, long position, boolean decisive) {
        super(ring, position);
        this.decisive = decisive;
    }

    boolean isDecisive() {
        return decisive;
    }

    @Override
    @Nullable
    E takePublished() {
        while (true) {
            latch();
            try {
                checkOpen();
                long next = position.lp();
                boolean published = slots.isPublished(next);
                E event = slots.elementIfStill(next);
                if (event != null) {
                    position.so(next + 1);
                    reads++;
                    return event;
                }
                if (!ring.isLapped(next)) {
                    if (!published && !ring.readers().isAbandoned(next)) {
                        return null;
                    }
                    position.so(next + 1); // consumed and released by the gating readers, or never stored
                    addMissed(1);
                    continue;
                }
            } finally {
                unlatch();
            }
            ring.readers().settle();
        }
    }

    @Override
    public int drain(Consumer<? super E> consumer, int max) {
        Objects.requireNonNull(consumer, "consumer");
        int count = 0;
        while (count < max) {
            E event = poll();
            if (event == null) {
                break;
            }
            count++;
            consumer.accept(event);
        }
        return count;
    }

    @Override
    public long missed() {
        if (!isClosed()) {
            ring.readers().settle();
        }
        return missed;
    }
}
