package io.forebay.store;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Lets any number of readers in until it is closed, and closes only when all of them are out. What outlives the reading, an
 * iterator, is kept here and closed along.
 *
 * <p>Closing turns readers away before it waits for those that are in; those that stay long ask {@link #requireOpen} on
 * their way, so that closing waits for no more than a few rows.
 */
final class CloseGuard {

    private final Supplier<? extends RuntimeException> ifClosed;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final Set<Runnable> atClose = ConcurrentHashMap.newKeySet();
    private volatile boolean open;

    /** What a reader gets who comes too late. */
    CloseGuard(Supplier<? extends RuntimeException> ifClosed) {
        this.ifClosed = ifClosed;
    }

    void open() {
        open = true;
    }

    boolean isOpen() {
        return open;
    }

    void requireOpen() {
        if (!open) {
            throw ifClosed.get();
        }
    }

    /** Runs an action that needs what is guarded. */
    <T> T read(Supplier<T> action) {
        lock.readLock().lock();
        try {
            requireOpen();
            return action.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Runs an action as {@link #read} does; once closed, or while it is being closed, the answer is the other value. */
    <T> T readOr(T ifClosed, Supplier<T> action) {
        if (!lock.readLock().tryLock()) {
            return ifClosed;
        }
        try {
            return open ? action.get() : ifClosed;
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Has something run at closing, alone, unless it is {@linkplain #leave taken back} before; from within a read. */
    void stay(Runnable closing) {
        atClose.add(closing);
    }

    /** Runs what was to be run at closing, unless it has been run; not while closing. */
    void leave(Runnable closing) {
        lock.readLock().lock();
        try {
            if (atClose.remove(closing)) {
                closing.run();
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    /** How many stay. */
    int staying() {
        return atClose.size();
    }

    /** Waits for the readers that are in, lets no other in, and runs the action. */
    void close(Runnable action) {
        open = false;
        lock.writeLock().lock();
        try {
            atClose.forEach(Runnable::run);
            atClose.clear();
            action.run();
        } finally {
            lock.writeLock().unlock();
        }
    }
}
