package io.forebay.store;

import org.apache.kafka.streams.query.Query;

/** Asks a latest store how many keys of a partition have a value. O(1). */
public record LatestCountQuery() implements Query<Long> {}
