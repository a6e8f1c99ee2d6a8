package io.forebay.store;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What there is to be undone of what has been opened, the last first: all of it at the end, or as much as there is when opening fails
 * half-way. Not thread-safe.
 */
final class Cleanup implements AutoCloseable {

    private final Deque<Runnable> steps = new ArrayDeque<>();

    void add(Runnable step) {
        steps.push(step);
    }

    /** Undoes everything, once. */
    @Override
    public void close() {
        while (!steps.isEmpty()) {
            steps.pop().run();
        }
    }
}
