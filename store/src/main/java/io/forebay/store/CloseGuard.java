package io.forebay.store;

import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/** Lets any number of readers in until it is closed, and closes only when all of them are out. */
final class CloseGuard {

    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private volatile boolean open;

    void open() {
        open = true;
    }

    boolean isOpen() {
        return open;
    }

    /** Runs an action that needs what is guarded; it must be short. */
    <T> T read(Supplier<? extends RuntimeException> ifClosed, Supplier<T> action) {
        lock.readLock().lock();
        try {
            if (!open) {
                throw ifClosed.get();
            }
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

    /** Waits for the readers that are in, lets no other in, and runs the action. */
    void close(Runnable action) {
        lock.writeLock().lock();
        try {
            open = false;
            action.run();
        } finally {
            lock.writeLock().unlock();
        }
    }
}
