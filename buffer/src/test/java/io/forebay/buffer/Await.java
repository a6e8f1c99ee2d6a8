package io.forebay.buffer;

import java.util.function.BooleanSupplier;

/** Waits for conditions, with a deadline. */
final class Await {
    private static final long DEADLINE_NANOS = 60_000_000_000L;

    private Await() {}

    static void until(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > DEADLINE_NANOS) {
                throw new AssertionError("gave up waiting until " + what);
            }
            Thread.onSpinWait();
            Thread.yield();
        }
    }
}
