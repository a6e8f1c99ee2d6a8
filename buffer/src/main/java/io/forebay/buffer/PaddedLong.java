package io.forebay.buffer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A {@code long} alone on its cache lines, so that threads which hammer different counters do not slow each other down
 * (false sharing). The access modes carry the prefixes explained in the package documentation.
 */
final class PaddedLong extends PaddedLongValue {
    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(PaddedLongValue.class, "value", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // Two cache lines behind the value: processors prefetch lines in pairs.
    long p11, p12, p13, p14, p15, p16, p17, p18, p19, p20, p21, p22, p23, p24, p25, p26;

    PaddedLong(long initial) {
        value = initial;
        VarHandle.releaseFence();
    }

    long lp() {
        return (long) VALUE.getOpaque(this);
    }

    long lv() {
        return (long) VALUE.getVolatile(this);
    }

    void so(long newValue) {
        VALUE.setRelease(this, newValue);
    }

    void sv(long newValue) {
        VALUE.setVolatile(this, newValue);
    }

    boolean cas(long expected, long newValue) {
        return VALUE.compareAndSet(this, expected, newValue);
    }

    long getAndAdd(long delta) {
        return (long) VALUE.getAndAdd(this, delta);
    }
}

abstract class PaddedLongLeft {
    long p01, p02, p03, p04, p05, p06, p07, p08, p09, p10, p0a, p0b, p0c, p0d, p0e, p0f;
}

abstract class PaddedLongValue extends PaddedLongLeft {
    long value;
}
