package io.forebay.store;

import java.util.Arrays;

/** A condition of a query as it applies to the index of a store. */
record IndexCondition<E>(EventIndex<E> index, int number, KeyPattern pattern) {

    /** Whether it can only be met by one key of the index. */
    boolean isExact() {
        return pattern.exactKey() != null;
    }

    boolean matches(EventRow event) {
        return pattern.matchesAny(Arrays.asList(event.indexKeys()));
    }

    /** The same for an event that was read from disk. */
    boolean matchesStored(E event) {
        return pattern.matchesAny(EventCodec.indexKeys(event, index, number));
    }
}
