package io.forebay.store;

import org.jspecify.annotations.Nullable;

/**
 * Throws when a store comes to a chosen moment for the n-th time, and at every moment from then on: what crashed is dead. Or only at
 * that moment, as when a disk is full.
 */
final class CrashAt implements CrashPoints {

    private Moment moment = Moment.LOGGING;
    private int left;
    private boolean crashed;
    private @Nullable Moment failing;

    synchronized void arm(Moment chosen, int occurrence) {
        moment = chosen;
        left = occurrence;
        crashed = false;
    }

    /** Throws whenever a store comes to this moment, and at no other. */
    synchronized void fail(Moment chosen) {
        failing = chosen;
    }

    synchronized void disarm() {
        left = 0;
        crashed = false;
        failing = null;
    }

    @Override
    public synchronized void reached(Moment reached) {
        crashed |= reached == moment && left > 0 && --left == 0;
        if (crashed || reached == failing) {
            throw new Crash(reached);
        }
    }

    static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Crash(Moment moment) {
            super("crashed at " + moment);
        }
    }
}
