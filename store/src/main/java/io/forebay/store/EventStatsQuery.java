package io.forebay.store;

import org.apache.kafka.streams.query.Query;

/** Asks for the {@link EventStoreStats} of a partition. */
public record EventStatsQuery() implements Query<EventStoreStats> {}
