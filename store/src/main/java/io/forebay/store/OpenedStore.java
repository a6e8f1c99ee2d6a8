package io.forebay.store;

import java.util.Collection;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.query.Position;

/**
 * The parts of a store from its opening to its closing, and how they are put together. Each is for the threads that it says itself.
 *
 * @param sets what is in memory
 * @param flusher brings it to RocksDB
 * @param protocol says when, and when to the changelog
 * @param restoration brings the changelog to RocksDB
 */
record OpenedStore<S extends ChangeSet>(
        StoreCore core,
        StoreContents<S> contents,
        UncommittedSets<S> sets,
        Flusher<S> flusher,
        CommitProtocol<S> protocol,
        Restoration<S> restoration) {

    static <S extends ChangeSet> OpenedStore<S> of(
            StoreCore core, StoreContents<S> contents, CommitSettings commits, WriteBehind writeBehind) {
        UncommittedSets<S> sets = sets(core, contents);
        Flusher<S> flusher = new Flusher<>(core, sets, contents, writeBehind, commits.crashPoints());
        TopicPartition partition = core.changelog();
        Changelog<S> changelog = partition == null ? null : new Changelog<>(core, partition, contents, commits);
        CommitProtocol<S> protocol = new CommitProtocol<>(core, sets, flusher, changelog, commits);
        Restoration<S> restoration = new Restoration<>(
                number -> contents.newSet(number, false),
                commits.maxUncommittedBytes() / Uncommitted.SETS,
                writeBehind);
        return new OpenedStore<>(core, contents, sets, flusher, protocol, restoration);
    }

    private static <S extends ChangeSet> UncommittedSets<S> sets(StoreCore core, StoreContents<S> contents) {
        boolean loggedAhead = Changelog.isLoggedAhead(core);
        return new UncommittedSets<>(
                Uncommitted.emptyAfter(
                        core.meta().contents().setNumber(), number -> contents.newSet(number, loggedAhead)),
                contents::union);
    }

    /** They are asked by any thread, at any time. */
    void addGauges(CloseGuard guard, StoreMemory memory) {
        StoreMetrics metrics = core.metrics();
        EventDatabase database = core.database();
        metrics.addGauge(
                "uncommitted-bytes",
                "What is kept in memory until it is committed, in bytes",
                () -> sets.sizeBytes() + restoration.sizeBytes());
        metrics.addGauge("open-iterators", "Iterators over RocksDB that are open", database::openIterators);
        metrics.addGauge(
                "write-buffer-bytes",
                "What RocksDB keeps of this store in write buffers, in bytes",
                () -> guard.readOr(0L, database::allWriteBufferBytes));
        metrics.addGauge(
                "shared-memory-bytes",
                "What RocksDB has taken of the memory that this store shares with others, in bytes",
                memory::usedBytes);
    }

    /** Writes records of the changelog to RocksDB, or keeps them until there are more or somebody has them settled. */
    void restore(Collection<ConsumerRecord<byte[], byte[]>> records) {
        restoration.restore(records, core.position(), contents, this::writeRestored);
    }

    /** Has everything restored in RocksDB. Any thread. */
    void settle() {
        restoration.settle(this::writeRestored);
    }

    private void writeRestored(S set, long offset, Position restored) {
        flusher.write(set, offset, restored);
        core.position().merge(restored);
    }
}
