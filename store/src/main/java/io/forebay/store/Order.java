package io.forebay.store;

import java.util.Arrays;

/** The direction in which a query walks the total order of events: by timestamp, then by id. */
public enum Order {
    /** Oldest first. */
    ASC,
    /** Newest first. */
    DESC;

    /** Compares positions: negative if the first comes first in this order. */
    int compare(byte[] position, byte[] other) {
        int ascending = Arrays.compareUnsigned(position, other);
        return this == ASC ? ascending : -ascending;
    }
}
