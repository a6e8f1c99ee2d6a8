package io.forebay.store;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.query.Position;
import org.jspecify.annotations.Nullable;

/** The sets of one kind of store, and how they get to the disk and to the changelog, and back. */
interface StoreContents<S extends ChangeSet> {

    /**
     * An empty set.
     *
     * @param isLoggedAhead whether it is to be logged in parts, so that it has to know which are left
     */
    S newSet(long number, boolean isLoggedAhead);

    /** Everything in one set and then everything in a later one. */
    S union(S earlier, S later);

    /** Writes to the changelog what of a set is not logged yet, or has changed since: in any order, one record for each key. */
    void log(S set, ChangelogWriter changelog);

    /** Writes a part of it before that; at least one change is left to be logged, and may still be replaced. */
    void logAhead(S set, ChangelogWriter changelog);

    /** Adds what a record of the changelog says. */
    void restore(ConsumerRecord<byte[], byte[]> record, S into);

    /**
     * Writes a set to RocksDB, in one batch.
     *
     * @param offset the changelog offset it stands for, or null to leave it as it is
     * @param position what has been put into the store with it, or null to leave it as it is
     */
    void write(S set, @Nullable Long offset, @Nullable Position position);

    /** Does a little of what can wait; whether there is more. */
    boolean tidySlice();
}
