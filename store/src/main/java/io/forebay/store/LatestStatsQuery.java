package io.forebay.store;

import org.apache.kafka.streams.query.Query;

/** Asks for the {@link LatestStoreStats} of a partition. */
public record LatestStatsQuery() implements Query<LatestStoreStats> {}
