package io.forebay.store;

import io.forebay.store.internal.streams.CommitAware;
import io.forebay.store.internal.streams.HandDrivenTask;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A store with a task around it that is driven by hand: each method is one step of what Kafka Streams 4.3 does to the
 * stores of a task, so that steps can fail, come twice, or not at all. The changelog is in memory, the rest is real.
 */
final class StoreTask<T extends TransactionalStore<?>> implements AutoCloseable {

    static final String INPUT = "in";
    static final long NO_INPUT = -1;

    private final boolean exactlyOnce;
    private final MemoryChangelog changelog;
    private final HandDrivenTask task;

    private @Nullable T store;
    private @Nullable Long restoredOffset;
    private boolean logged;
    private long inputOffset;

    StoreTask(File stateDir, String guarantee, MemoryChangelog changelog) {
        this.exactlyOnce = guarantee.equals(StreamsConfig.EXACTLY_ONCE_V2);
        this.changelog = changelog;
        this.task = new HandDrivenTask(
                stateDir, guarantee, new TopicPartition(INPUT, 0), MemoryChangelog.PARTITION, changelog::append);
    }

    /** Opens the store, wiping what Kafka Streams would wipe. What is on disk then is what was there, nothing restored. */
    @SuppressWarnings("unchecked") // what our builders build
    void open(StoreBuilder<?> builder) {
        logged = builder.loggingEnabled();
        initialize((T) builder.build());
    }

    /** Closes the store dirty and starts the same object again, with an empty directory if it is exactly-once. */
    void revive() {
        T same = store();
        close();
        if (exactlyOnce) {
            loseDisk();
        }
        initialize(same);
    }

    private void initialize(T newStore) {
        boolean empty = Objects.requireNonNull(task.directory().list()).length == 0;
        start(newStore);
        if (logged && exactlyOnce && !empty && newStore.committedOffset(MemoryChangelog.PARTITION) == null) {
            close();
            loseDisk();
            start(newStore);
        }
        restoredOffset = known(newStore.committedOffset(MemoryChangelog.PARTITION));
    }

    private void start(T newStore) {
        task.start(newStore, logged);
        store = newStore;
    }

    /** Whether registering a store fails from now on. */
    void refuseStores(boolean refuse) {
        task.refuseStores(refuse);
    }

    /** How often the store has asked for a commit. */
    int commitRequests() {
        return task.commitRequests();
    }

    /** Where restoring starts after: what the store says it has. */
    @Nullable
    Long restoredOffset() {
        return restoredOffset;
    }

    /** Brings the store to the end of the changelog, in batches. */
    void restore(int batchSize) {
        while (restoreNext(batchSize)) {
            // until there is nothing more
        }
    }

    /** Restores one batch, if there is anything to restore. */
    boolean restoreNext(int batchSize) {
        List<ConsumerRecord<byte[], byte[]>> records = changelog.after(restoredOffset);
        if (records.isEmpty()) {
            return false;
        }
        List<ConsumerRecord<byte[], byte[]>> batch = records.subList(0, Math.min(records.size(), batchSize));
        task.restoreCallback().restoreBatch(batch);
        restoredOffset = batch.get(batch.size() - 1).offset();
        return true;
    }

    T store() {
        return Objects.requireNonNull(store, "not open");
    }

    /** Runs an action as the processing of the next input record. */
    void process(Runnable action) {
        task.process(inputOffset++);
        action.run();
    }

    /** Runs an action as a buffer that is emptied does: for the record that was processed last, in a context of its own. */
    void empty(Runnable action) {
        task.actFor(inputOffset(), action);
    }

    /** The registry of metrics. */
    Metrics metrics() {
        return task.metrics();
    }

    /** What the clock of the task says from now on. */
    void setClock(long nowMs) {
        task.setClock(nowMs);
    }

    /** Has the next input record processed elsewhere. */
    void skip() {
        inputOffset++;
    }

    /** Goes on with the input after this offset. */
    void rewind(long lastOffset) {
        inputOffset = lastOffset + 1;
    }

    /** The offset of the last record processed. */
    long inputOffset() {
        return inputOffset - 1;
    }

    /** The offset of the last record that the store says to have seen. */
    long storeOffset() {
        return store().getPosition().getPartitionPositions(INPUT).getOrDefault(0, NO_INPUT);
    }

    /** All of an undisturbed commit. */
    void commit() {
        prepareCommit();
        commitTransaction();
        postCommit(false);
    }

    /** {@code StreamTask.prepareCommit}; what was sent is acknowledged at once. */
    void prepareCommit() {
        ((CommitAware) store()).flushCache();
    }

    /** What the producer sent becomes visible; at-least-once it was so from the start. */
    void commitTransaction() {
        changelog.commit();
    }

    void abortTransaction() {
        if (exactlyOnce) {
            changelog.abort();
        } else {
            changelog.commit();
        }
    }

    /** {@code StreamTask.postCommit}: under exactly-once, stores only hear of it when the task is about to end. */
    void postCommit(boolean enforceCheckpoint) {
        if (!logged) {
            if (enforceCheckpoint || !exactlyOnce) {
                store().commit(Map.of());
            }
        } else if (enforceCheckpoint || !exactlyOnce || !task.isActive()) {
            Long offset = loggedOffset();
            store().commit(Map.of(MemoryChangelog.PARTITION, offset == null ? StoreMeta.OFFSET_UNKNOWN : offset));
        }
    }

    /** What Kafka Streams tells a store whose changelog was lost in part. */
    void markCorrupted() {
        store().commit(Map.of());
    }

    private @Nullable Long loggedOffset() {
        Long acknowledged = task.acknowledgedOffset();
        return acknowledged == null ? restoredOffset : acknowledged;
    }

    /** Turns the active task into a standby one, or back; it must have been committed. */
    void recycle() {
        store().clearCache();
        restoredOffset = loggedOffset();
        task.recycle();
    }

    /** Closes the store: clean, dirty, or to stand for the death of the process, which is the same to the store. */
    @Override
    public void close() {
        if (store != null) {
            store.close();
            store = null;
        }
    }

    /** Removes everything the task has on disk. */
    void loseDisk() {
        try {
            Utils.delete(task.directory());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable Long known(@Nullable Long offset) {
        return offset == null || offset == StoreMeta.OFFSET_UNKNOWN ? null : offset;
    }
}
