package io.forebay.benchmarks.store;

/** What an application does with its events. */
enum StoreKind {
    /** Puts each into an event store with four indexes. */
    FOREBAY,
    /** Hands them to an {@link io.forebay.processor.EventIndexer} with the same store. */
    INDEXER,
    /** Puts each into five stores of Kafka Streams: by id, and by each of the four indexes. */
    FIVE_BUILT_IN,
    /** Puts each into one store of Kafka Streams, by id. */
    ONE_BUILT_IN,
    /** Keeps nothing. */
    NOTHING
}
