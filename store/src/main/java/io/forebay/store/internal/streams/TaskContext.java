package io.forebay.store.internal.streams;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.internals.ChangelogRecordDeserializationHelper;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.RecordCollector;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.state.internals.PositionSerde;
import org.jspecify.annotations.Nullable;

/** What a store needs of its task beyond {@link StateStoreContext}. Stays valid when a task changes its type. */
public final class TaskContext {

    /** Copied by the producer, and so never changed. */
    private static final Headers NO_HEADERS = new RecordHeaders();

    private final InternalProcessorContext<?, ?> context;

    /** Whether Kafka Streams adds the position to every record by itself. */
    private final boolean logsPositions;

    private TaskContext(InternalProcessorContext<?, ?> context) {
        this.context = context;
        this.logsPositions = StreamsConfig.InternalConfig.getBoolean(
                context.appConfigs(), StreamsConfig.InternalConfig.IQ_CONSISTENCY_OFFSET_VECTOR_ENABLED, false);
    }

    /**
     * The view of the task behind a context.
     *
     * @throws IllegalArgumentException if the context is not one of Kafka Streams' own
     */
    public static TaskContext of(StateStoreContext context) {
        if (context instanceof InternalProcessorContext<?, ?> internal) {
            return new TaskContext(internal);
        }
        throw new IllegalArgumentException("Forebay's stores run in tasks of Kafka Streams (or in TopologyTestDriver); "
                + context.getClass().getName() + " is neither");
    }

    /** The changelog partition of a store, or null where it is not logged. */
    public @Nullable TopicPartition changelogOf(String store) {
        String topic = context.changelogFor(store);
        return topic == null ? null : new TopicPartition(topic, context.taskId().partition());
    }

    /**
     * Writes to the changelog; never waits for the broker, except for room in the producer's memory.
     *
     * @param position what a store has seen that has this record and all before it, or null to say nothing about that; goes
     *     into headers that Kafka Streams' own stores use as well, when they are told to
     */
    public void log(String store, byte[] key, byte @Nullable [] value, long timestampMs, @Nullable Position position) {
        Headers headers = NO_HEADERS;
        if (position != null || logsPositions) {
            headers = new RecordHeaders();
        }
        if (position != null && !logsPositions) {
            headers.add(ChangelogRecordDeserializationHelper.CHANGELOG_VERSION_HEADER_RECORD_CONSISTENCY);
            headers.add(ChangelogRecordDeserializationHelper.CHANGELOG_POSITION_HEADER_KEY, serialize(position));
        }
        Position logged = position == null ? Position.emptyPosition() : position;
        context.logChange(store, Bytes.wrap(key), value, timestampMs, headers, logged);
    }

    /** Adds what the headers of a changelog record say about the position, if they do. */
    public static void mergePosition(ConsumerRecord<byte[], byte[]> record, Position into) {
        ChangelogRecordDeserializationHelper.applyChecksAndUpdatePosition(record, true, into);
    }

    /** The offset of the last record of this partition that was written here and acknowledged by the broker. */
    public OptionalLong acknowledgedOffset(TopicPartition changelog) {
        RecordCollector collector =
                context instanceof RecordCollector.Supplier supplier ? supplier.recordCollector() : null;
        Long offset = collector == null ? null : collector.offsets().get(changelog);
        return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
    }

    /** Another object after every record and every punctuation that the task has processed; null before the first. */
    public @Nullable Object lastProcessed() {
        return context.recordContext();
    }

    /** Whether the task commits its output, its changelogs and its input in transactions. */
    public static boolean isExactlyOnce(StateStoreContext context) {
        return StreamsConfig.EXACTLY_ONCE_V2.equals(
                context.appConfigs().get(StreamsConfig.PROCESSING_GUARANTEE_CONFIG));
    }

    /** How long the task goes on between two commits, if nobody asks for one. */
    public Duration commitInterval() {
        Object millis = context.appConfigs().get(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG);
        return Duration.ofMillis((Long) Objects.requireNonNull(millis, "Kafka Streams always has one"));
    }

    /** Asks the task to commit as soon as it can. */
    public void requestCommit() {
        context.commit();
    }

    /** The wall clock of the task, in milliseconds since the epoch. */
    public long currentSystemTimeMs() {
        return context.currentSystemTimeMs();
    }

    /** The bytes of a position, in Kafka Streams' own format. */
    public static byte[] serialize(Position position) {
        ByteBuffer buffer = PositionSerde.serialize(position);
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** The position in these bytes. */
    public static Position deserialize(byte[] bytes) {
        return PositionSerde.deserialize(ByteBuffer.wrap(bytes));
    }
}
