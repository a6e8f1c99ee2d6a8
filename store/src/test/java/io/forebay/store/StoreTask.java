package io.forebay.store;

import io.forebay.store.internal.streams.CommitAware;
import io.forebay.store.internal.streams.RestoreCallback;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.CommitCallback;
import org.apache.kafka.streams.processor.StateRestoreCallback;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.ProcessorContextImpl;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.apache.kafka.streams.processor.internals.ProcessorStateManager;
import org.apache.kafka.streams.processor.internals.RecordCollector;
import org.apache.kafka.streams.processor.internals.StateDirectory;
import org.apache.kafka.streams.processor.internals.Task.TaskType;
import org.apache.kafka.streams.processor.internals.metrics.StreamsMetricsImpl;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A store with a task around it that is driven by hand: each method is one step of what Kafka Streams 4.3 does to the
 * stores of a task, so that steps can fail, come twice, or not at all. The changelog is in memory, the rest is real.
 */
final class StoreTask<T extends TransactionalStore<?>> implements AutoCloseable {

    static final String INPUT = "in";
    static final long NO_INPUT = -1;

    private static final TaskId ID = new TaskId(0, 0);

    private final boolean exactlyOnce;
    private final StateDirectory directory;
    private final StreamsConfig config;
    private final Metrics metrics = new Metrics();
    private final MemoryChangelog changelog;
    private final Map<TopicPartition, Long> acknowledged = new HashMap<>();

    private @Nullable T store;
    private @Nullable RestoreCallback restoreCallback;
    private @Nullable Long restoredOffset;
    private TaskType type = TaskType.ACTIVE;
    private boolean logged;
    private long inputOffset;
    private int commitRequests;
    private @Nullable ProcessorContextImpl context;

    StoreTask(File stateDir, String guarantee, MemoryChangelog changelog) {
        this.exactlyOnce = guarantee.equals(StreamsConfig.EXACTLY_ONCE_V2);
        this.changelog = changelog;
        this.config = new StreamsConfig(Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG,
                "app",
                StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
                "unused:1",
                StreamsConfig.STATE_DIR_CONFIG,
                stateDir.getPath(),
                StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                guarantee));
        this.directory = new StateDirectory(config, Time.SYSTEM, true, false);
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
        boolean empty =
                Objects.requireNonNull(directory.getOrCreateDirectoryForTask(ID).list()).length == 0;
        start(newStore);
        if (logged && exactlyOnce && !empty && newStore.committedOffset(MemoryChangelog.PARTITION) == null) {
            close();
            loseDisk();
            start(newStore);
        }
        restoredOffset = known(newStore.committedOffset(MemoryChangelog.PARTITION));
    }

    private void start(T newStore) {
        acknowledged.clear();
        type = TaskType.ACTIVE;
        ProcessorStateManager manager =
                new ProcessorStateManager(
                        ID,
                        TaskType.ACTIVE,
                        exactlyOnce,
                        new LogContext(),
                        directory,
                        logged ? Map.of(newStore.name(), MemoryChangelog.PARTITION.topic()) : Map.of(),
                        Set.of(new TopicPartition(INPUT, 0))) {
                    @Override
                    public TaskType taskType() {
                        return type;
                    }

                    @Override
                    public void registerStore(
                            StateStore root, StateRestoreCallback callback, CommitCallback commitCallback) {
                        super.registerStore(root, callback, commitCallback);
                        restoreCallback = (RestoreCallback) callback;
                    }
                };
        context = new ProcessorContextImpl(
                ID, config, manager, new StreamsMetricsImpl(metrics, "client", Time.SYSTEM), null);
        context.transitionToActive(null, new Collector(), null);
        newStore.init(noting(context), newStore);
        context.initialize();
        store = newStore;
    }

    /** The context, except that a request to commit is only counted. */
    private InternalProcessorContext<?, ?> noting(ProcessorContextImpl real) {
        return (InternalProcessorContext<?, ?>) Proxy.newProxyInstance(
                StoreTask.class.getClassLoader(),
                new Class<?>[] {InternalProcessorContext.class, RecordCollector.Supplier.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("commit")) {
                        commitRequests++;
                        return null;
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** How often the store has asked for a commit. */
    int commitRequests() {
        return commitRequests;
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
        Objects.requireNonNull(restoreCallback).restoreBatch(batch);
        restoredOffset = batch.get(batch.size() - 1).offset();
        return true;
    }

    T store() {
        return Objects.requireNonNull(store, "not open");
    }

    /** Runs an action as the processing of the next input record. */
    void process(Runnable action) {
        ProcessorContextImpl current = Objects.requireNonNull(context);
        current.setRecordContext(new ProcessorRecordContext(0, inputOffset++, 0, INPUT, new RecordHeaders()));
        action.run();
    }

    /** The registry of metrics. */
    Metrics metrics() {
        return metrics;
    }

    /** What the clock of the task says from now on. */
    void setClock(long nowMs) {
        Objects.requireNonNull(context).setSystemTimeMs(nowMs);
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
        } else if (enforceCheckpoint || !exactlyOnce || type == TaskType.STANDBY) {
            Long offset = acknowledged.getOrDefault(MemoryChangelog.PARTITION, restoredOffset);
            store().commit(Map.of(MemoryChangelog.PARTITION, offset == null ? StoreMeta.OFFSET_UNKNOWN : offset));
        }
    }

    /** What Kafka Streams tells a store whose changelog was lost in part. */
    void markCorrupted() {
        store().commit(Map.of());
    }

    /** Turns the active task into a standby one, or back; it must have been committed. */
    void recycle() {
        store().clearCache();
        Long offset = acknowledged.getOrDefault(MemoryChangelog.PARTITION, restoredOffset);
        ProcessorContextImpl current = Objects.requireNonNull(context);
        acknowledged.clear();
        restoredOffset = offset;
        if (type == TaskType.ACTIVE) {
            type = TaskType.STANDBY;
            current.transitionToStandby(null);
        } else {
            type = TaskType.ACTIVE;
            current.transitionToActive(null, new Collector(), null);
        }
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
            Utils.delete(directory.getOrCreateDirectoryForTask(ID));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable Long known(@Nullable Long offset) {
        return offset == null || offset == StoreMeta.OFFSET_UNKNOWN ? null : offset;
    }

    /** Sends to the changelog in memory. */
    private final class Collector implements RecordCollector {

        @Override
        public <K, V> void send(
                String topic,
                K key,
                V value,
                Headers headers,
                Integer partition,
                Long timestamp,
                Serializer<K> keySerializer,
                Serializer<V> valueSerializer,
                String processorNodeId,
                InternalProcessorContext<Void, Void> sender) {
            long offset = changelog.append(
                    keySerializer.serialize(topic, key), valueSerializer.serialize(topic, value), timestamp, headers);
            acknowledged.put(new TopicPartition(topic, partition), offset);
        }

        @Override
        public <K, V> void send(
                String topic,
                K key,
                V value,
                Headers headers,
                Long timestamp,
                Serializer<K> keySerializer,
                Serializer<V> valueSerializer,
                String processorNodeId,
                InternalProcessorContext<Void, Void> sender,
                StreamPartitioner<? super K, ? super V> partitioner) {
            throw new UnsupportedOperationException("a store knows its partition");
        }

        @Override
        public <K, V> void send(
                K key,
                V value,
                String processorNodeId,
                InternalProcessorContext<?, ?> sender,
                ProducerRecord<byte[], byte[]> serializedRecord) {
            throw new UnsupportedOperationException("for dead letters");
        }

        @Override
        public void initialize() {}

        @Override
        public void flush() {}

        @Override
        public void closeClean() {}

        @Override
        public void closeDirty() {}

        @Override
        public Map<TopicPartition, Long> offsets() {
            return Map.copyOf(acknowledged);
        }
    }
}
