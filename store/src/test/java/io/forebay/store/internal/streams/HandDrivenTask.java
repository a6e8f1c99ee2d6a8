package io.forebay.store.internal.streams;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.CommitCallback;
import org.apache.kafka.streams.processor.StateRestoreCallback;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.internals.ChangelogRecordDeserializationHelper;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.ProcessorContextImpl;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.apache.kafka.streams.processor.internals.ProcessorStateManager;
import org.apache.kafka.streams.processor.internals.RecordCollector;
import org.apache.kafka.streams.processor.internals.StateDirectory;
import org.apache.kafka.streams.processor.internals.Task.TaskType;
import org.apache.kafka.streams.processor.internals.metrics.StreamsMetricsImpl;
import org.apache.kafka.streams.query.Position;
import org.jspecify.annotations.Nullable;

/**
 * What there is in Kafka Streams around one store: the real context, state manager and directory, and a collector that sends to wherever the
 * test wants. With {@link MemoryCollector} the one place where tests of this module touch Kafka's internals.
 */
public final class HandDrivenTask {

    private static final TaskId ID = new TaskId(0, 0);

    private final TopicPartition input;
    private final TopicPartition changelog;
    private final Sink sink;
    private final StateDirectory directory;
    private final StreamsConfig config;
    private final boolean exactlyOnce;
    private final Metrics metrics = new Metrics();
    private final Map<TopicPartition, Long> acknowledged = new HashMap<>();

    private TaskType type = TaskType.ACTIVE;
    private int commitRequests;
    private boolean refusing;
    private @Nullable ProcessorContextImpl context;
    private @Nullable RestoreCallback restoreCallback;

    public HandDrivenTask(File stateDir, String guarantee, TopicPartition input, TopicPartition changelog, Sink sink) {
        this.input = input;
        this.changelog = changelog;
        this.sink = sink;
        this.exactlyOnce = guarantee.equals(StreamsConfig.EXACTLY_ONCE_V2);
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

    /** Where records of the changelog go. */
    @FunctionalInterface
    public interface Sink {

        /** Takes a record; its offset. */
        long append(byte @Nullable [] key, byte @Nullable [] value, long timestampMs, Headers headers);
    }

    /** Headers of a record, none yet. */
    public static Headers noHeaders() {
        return new RecordHeaders();
    }

    /** The headers of a changelog record that say how far the store has come with it. */
    public static Headers headersOf(Position position) {
        return new RecordHeaders()
                .add(ChangelogRecordDeserializationHelper.CHANGELOG_VERSION_HEADER_RECORD_CONSISTENCY)
                .add(
                        ChangelogRecordDeserializationHelper.CHANGELOG_POSITION_HEADER_KEY,
                        TaskContext.serialize(position));
    }

    /** The directory of the task, made if it is not there. */
    public File directory() {
        return directory.getOrCreateDirectoryForTask(ID);
    }

    /** Starts an active task with this store. */
    public void start(StateStore store, boolean logged) {
        acknowledged.clear();
        type = TaskType.ACTIVE;
        ProcessorStateManager manager =
                new ProcessorStateManager(
                        ID,
                        TaskType.ACTIVE,
                        exactlyOnce,
                        new LogContext(),
                        directory,
                        logged ? Map.of(store.name(), changelog.topic()) : Map.of(),
                        Set.of(input)) {
                    @Override
                    public TaskType taskType() {
                        return type;
                    }

                    @Override
                    public void registerStore(
                            StateStore root, StateRestoreCallback callback, CommitCallback commitCallback) {
                        if (refusing) {
                            throw new IllegalStateException("no store is registered here");
                        }
                        super.registerStore(root, callback, commitCallback);
                        restoreCallback = (RestoreCallback) callback;
                    }
                };
        ProcessorContextImpl started = new ProcessorContextImpl(
                ID, config, manager, new StreamsMetricsImpl(metrics, "client", Time.SYSTEM), null);
        started.transitionToActive(null, collector(), null);
        store.init(noting(started), store);
        started.initialize();
        context = started;
    }

    /** Whether registering a store fails from now on. */
    public void refuseStores(boolean refuse) {
        refusing = refuse;
    }

    private RecordCollector collector() {
        return new MemoryCollector(sink, acknowledged);
    }

    /** The registry of metrics. */
    public Metrics metrics() {
        return metrics;
    }

    /** What the clock of the task says from now on. */
    public void setClock(long nowMs) {
        Objects.requireNonNull(context, "not started").setSystemTimeMs(nowMs);
    }

    /** The context, except that a request to commit is only counted. */
    private InternalProcessorContext<?, ?> noting(ProcessorContextImpl real) {
        return (InternalProcessorContext<?, ?>) Proxy.newProxyInstance(
                HandDrivenTask.class.getClassLoader(),
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
    public int commitRequests() {
        return commitRequests;
    }

    /** What the store has registered. */
    public RestoreCallback restoreCallback() {
        return Objects.requireNonNull(restoreCallback, "not started");
    }

    /** From now on, this record is the one that is being processed. */
    public void process(long inputOffset) {
        ProcessorContextImpl current = Objects.requireNonNull(context, "not started");
        current.setRecordContext(new ProcessorRecordContext(0, inputOffset, 0, input.topic(), new RecordHeaders()));
    }

    /** Runs an action as if it came from this record, and goes back to the one before: what a buffer does when it is emptied. */
    public void actFor(long inputOffset, Runnable action) {
        ProcessorContextImpl current = Objects.requireNonNull(context, "not started");
        ProcessorRecordContext before = current.recordContext();
        process(inputOffset);
        try {
            action.run();
        } finally {
            current.setRecordContext(before);
        }
    }

    /** The last changelog offset that has been acknowledged since the task was started or recycled; null before the first. */
    public @Nullable Long acknowledgedOffset() {
        return acknowledged.get(changelog);
    }

    public boolean isActive() {
        return type == TaskType.ACTIVE;
    }

    /** Turns the active task into a standby one, or back. */
    public void recycle() {
        ProcessorContextImpl current = Objects.requireNonNull(context, "not started");
        acknowledged.clear();
        if (isActive()) {
            type = TaskType.STANDBY;
            current.transitionToStandby(null);
        } else {
            type = TaskType.ACTIVE;
            current.transitionToActive(null, collector(), null);
        }
    }
}
