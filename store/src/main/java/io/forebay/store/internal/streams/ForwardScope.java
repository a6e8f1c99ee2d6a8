package io.forebay.store.internal.streams;

import org.apache.kafka.streams.processor.api.ProcessingContext;
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

    /** The context of the record being processed now, to be given to {@link Scope#from} later. */
    public Origin origin() {
        return new Origin(context.recordContext());
    }

    /** Starts to act for the processor; close to go back to what was before. */
    public Scope enter() {
        Scope scope = new Scope(context.currentNode(), context.recordContext());
        context.setCurrentNode(node);
        return scope;
    }

    /** Where a record came from: topic, partition, offset, timestamp and headers. */
    public static final class Origin {

        private final @Nullable ProcessorRecordContext recordContext;

        private Origin(@Nullable ProcessorRecordContext recordContext) {
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

        @Override
        public void close() {
            context.setCurrentNode(previousNode);
            context.setRecordContext(previousRecord);
        }
    }
}
