package io.forebay.store.internal.streams;

import java.util.List;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.apache.kafka.streams.errors.internals.FailedProcessingException;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.ProcessorNode;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.jspecify.annotations.Nullable;

/**
 * Runs code in the name of a processor, outside its {@code process} and punctuations: as node of the topology from which
 * records are forwarded, and with the context (topic, partition, offset, headers) of a record that came earlier. Kafka
 * Streams' own caches forward in the same way.
 */
public final class ForwardScope {

    private final InternalProcessorContext<?, ?> context;
    private final ProcessorNode<?, ?, ?, ?> node;

    private ForwardScope(InternalProcessorContext<?, ?> context) {
        this.context = context;
        this.node = context.currentNode();
    }

    /** The scope of the processor that is being initialised; call from {@code Processor.init}. */
    public static ForwardScope of(ProcessingContext context) {
        if (context instanceof InternalProcessorContext<?, ?> internal) {
            return new ForwardScope(internal);
        }
        throw new IllegalArgumentException(
                "Forebay's processors run in tasks of Kafka Streams (or in TopologyTestDriver); "
                        + context.getClass().getName() + " is neither");
    }

    /** The name of the processor in the topology. */
    public String nodeName() {
        return node.name();
    }

    /** The names of the processors that it can forward to. */
    public List<String> children() {
        return node.children().stream().map(ProcessorNode::name).toList();
    }

    /** The context of the record being processed now, to be given to {@link Scope#from} later. */
    public Origin origin() {
        ProcessorRecordContext now = context.recordContext();
        // A copy: Kafka Streams drops the raw bytes, which exception handlers need, once it has sent something for this
        // record, be it in another branch of the topology.
        return new Origin(new ProcessorRecordContext(
                now.timestamp(),
                now.offset(),
                now.partition(),
                now.topic(),
                now.headers(),
                now.sourceRawKey(),
                now.sourceRawValue()));
    }

    /**
     * An exception that fails the task, whichever record is being processed when it is thrown: the application's
     * {@code ProcessingExceptionHandler} is not asked, since that record is not the one to blame. What Kafka Streams throws to
     * the same end stays as it is.
     */
    public RuntimeException failure(Exception cause) {
        if (cause instanceof FailedProcessingException failed) {
            return failed;
        }
        if (cause instanceof TaskMigratedException || cause instanceof TaskCorruptedException) {
            return (StreamsException) cause;
        }
        return new FailedProcessingException(node.name(), cause);
    }

    /** Starts to act for the processor; close to go back to what was before. */
    public Scope enter() {
        Scope scope = new Scope(context.currentNode(), context.recordContext());
        context.setCurrentNode(node);
        return scope;
    }

    /** Where a record came from: topic, partition, offset, timestamp and headers. */
    public static final class Origin {

        private final ProcessorRecordContext recordContext;

        private Origin(ProcessorRecordContext recordContext) {
            this.recordContext = recordContext;
        }
    }

    /** Restores node and record context when closed. */
    public final class Scope implements AutoCloseable {

        private final @Nullable ProcessorNode<?, ?, ?, ?> previousNode;
        private final @Nullable ProcessorRecordContext previousRecord;

        private Scope(
                @Nullable ProcessorNode<?, ?, ?, ?> previousNode, @Nullable ProcessorRecordContext previousRecord) {
            this.previousNode = previousNode;
            this.previousRecord = previousRecord;
        }

        /** From now on, what is put and forwarded comes from this record. */
        public void from(Origin origin) {
            context.setRecordContext(origin.recordContext);
        }

        /**
         * Has the processor process a record as if it came from upstream, with all that Kafka Streams does around that: what
         * the processor throws goes to the application's {@code ProcessingExceptionHandler}, with the record, where it came
         * from and its raw bytes; and what the handler wants in the dead letter topic (KIP-1034) goes there.
         */
        @SuppressWarnings("unchecked")
        public <K, V> void process(Record<K, V> record) {
            ((ProcessorNode<K, V, ?, ?>) node).process(record);
        }

        @Override
        public void close() {
            context.setCurrentNode(previousNode);
            context.setRecordContext(previousRecord);
        }
    }
}
