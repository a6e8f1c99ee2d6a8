package io.forebay.store;

/** Throws when a store comes to a chosen moment for the n-th time, and at every moment from then on: what crashed is dead. */
final class CrashAt implements CrashPoints {

    private Moment moment = Moment.LOGGING;
    private int left;
    private boolean crashed;

    synchronized void arm(Moment chosen, int occurrence) {
        moment = chosen;
        left = occurrence;
        crashed = false;
    }

    synchronized void disarm() {
        left = 0;
        crashed = false;
    }

    @Override
    public synchronized void reached(Moment reached) {
        crashed |= reached == moment && left > 0 && --left == 0;
        if (crashed) {
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
