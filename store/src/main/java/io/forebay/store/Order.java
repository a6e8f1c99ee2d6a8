package io.forebay.store;

/** The direction in which a query walks the total order of events: by timestamp, then by id. */
public enum Order {
    /** Oldest first. */
    ASC,
    /** Newest first. */
    DESC
}
