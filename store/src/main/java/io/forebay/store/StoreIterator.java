package io.forebay.store;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.NoSuchElementException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link Steps} in the hands of a caller. Every step is admitted by the {@link CloseGuard}, so that the store can close
 * in between, and then closes this as well. One that is forgotten is closed when it is collected, or with the store, and
 * logged; with assertions on, together with the place where it was opened.
 */
final class StoreIterator<E> implements EventIterator<E> {

    private static final Logger log = LoggerFactory.getLogger(StoreIterator.class);
    private static final boolean RECORDS_PLACES = StoreIterator.class.desiredAssertionStatus();
    private static final Cleaner CLEANER = Cleaner.create();

    private final CloseGuard guard;
    private final Steps<E> scan;
    private final Hold hold;
    private final Cleaner.Cleanable forgotten;
    private boolean standsBeforeEvent;

    private StoreIterator(CloseGuard guard, Steps<E> scan, StoreKind kind, String store) {
        this.guard = guard;
        this.scan = scan;
        this.hold = new Hold(scan, kind + " '" + store + "'");
        guard.stay(hold);
        this.forgotten = CLEANER.register(this, new Forgotten(guard, hold));
    }

    /** From within a read of the guard. */
    static <E> EventIterator<E> open(CloseGuard guard, Steps<E> scan, StoreKind kind, String store) {
        return new StoreIterator<>(guard, scan, kind, store);
    }

    @Override
    public boolean hasNext() {
        return standsBeforeEvent || step();
    }

    @Override
    public E next() {
        if (!hasNext()) {
            throw new NoSuchElementException("there are no more events");
        }
        standsBeforeEvent = false;
        return read(scan::element);
    }

    private boolean step() {
        standsBeforeEvent = read(scan::advance);
        return standsBeforeEvent;
    }

    private <T> T read(Supplier<T> action) {
        if (hold.closedByOwner) {
            throw new IllegalStateException("the iterator is closed");
        }
        try {
            return guard.read(action);
        } finally {
            Reference.reachabilityFence(this); // or it may be cleaned up under the action
        }
    }

    @Override
    public void close() {
        hold.closedByOwner = true;
        forgotten.clean();
    }

    /** What keeps the snapshot; run once, when the owner, the store or the collector lets go of it. */
    private static final class Hold implements Runnable {

        private final Steps<?> scan;
        private final String store;
        private final @Nullable Exception openedAt =
                RECORDS_PLACES ? new Exception("the iterator was opened here") : null;
        private volatile boolean closedByOwner;

        Hold(Steps<?> scan, String store) {
            this.scan = scan;
            this.store = store;
        }

        @Override
        public void run() {
            if (!closedByOwner) {
                log.warn(
                        "An iterator of {} has not been closed{}",
                        store,
                        openedAt == null ? "; run with -ea to learn where it was opened" : "",
                        openedAt);
            }
            scan.close();
        }
    }

    /** Must not refer to the iterator. */
    private record Forgotten(CloseGuard guard, Hold hold) implements Runnable {
        @Override
        public void run() {
            guard.leave(hold);
        }
    }
}
