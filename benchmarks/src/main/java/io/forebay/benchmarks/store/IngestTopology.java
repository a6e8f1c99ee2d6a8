package io.forebay.benchmarks.store;

import io.forebay.benchmarks.cases.Tally;
import io.forebay.processor.EventIndexer;
import io.forebay.store.EventStore;
import io.forebay.store.EventStoreBuilder;
import io.forebay.store.EventStores;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

/** A topic of events, one processor, and the stores of a {@link StoreKind}. */
final class IngestTopology {

    static final String STORE = "events";

    private static final String SOURCE = "in";
    private static final String STEP = "step";
    private static final int SAMPLED = 100;

    private IngestTopology() {}

    /**
     * Makes one.
     *
     * @param sample a topic where {@link StoreKind#NOTHING} sends one event of a hundred, so that it has something to commit, too
     */
    static Topology of(StoreKind kind, String topic, String sample, Tally tally) {
        Topology topology = new Topology();
        topology.addSource(
                SOURCE, new ByteArrayDeserializer(), SampleEvent.serde().deserializer(), topic);
        switch (kind) {
            case FOREBAY -> {
                addStep(topology, tally, IngestTopology::putter);
                topology.addStateStore(eventStore(), STEP);
            }
            case INDEXER -> {
                topology.addProcessor("begin", () -> new Begin(tally), SOURCE);
                topology.addProcessor(
                        "index",
                        EventIndexer.<byte[], SampleEvent>builder(eventStore()).build(),
                        "begin");
                topology.addProcessor(STEP, () -> new Step(tally, context -> event -> {}), "index");
            }
            case FIVE_BUILT_IN -> addBuiltIn(topology, tally, true);
            case ONE_BUILT_IN -> addBuiltIn(topology, tally, false);
            case NOTHING -> {
                addStep(topology, tally, context -> event -> {});
                topology.addProcessor("sample", Sample::new, SOURCE);
                topology.addSink(
                        "out",
                        sample,
                        new ByteArraySerializer(),
                        SampleEvent.serde().serializer(),
                        "sample");
                topology.addStateStore(new NothingStored.Builder(), STEP);
            }
        }
        return topology;
    }

    private static EventStoreBuilder<SampleEvent> eventStore() {
        return EventStores.builder(STORE, SampleEvents.definition());
    }

    private static void addStep(
            Topology topology, Tally tally, Function<ProcessorContext<?, ?>, Consumer<SampleEvent>> putter) {
        topology.addProcessor(STEP, () -> new Step(tally, putter), SOURCE);
    }

    private static void addBuiltIn(Topology topology, Tally tally, boolean indexed) {
        addStep(topology, tally, context -> BuiltInStores.putter(context, indexed));
        List<StoreBuilder<?>> builders = BuiltInStores.builders(indexed);
        builders.forEach(builder -> topology.addStateStore(builder, STEP));
    }

    private static Consumer<SampleEvent> putter(ProcessorContext<?, ?> context) {
        EventStore<SampleEvent> store = context.getStateStore(STORE);
        return store::put;
    }

    /** Puts an event and tells the tally. */
    private static final class Step implements Processor<byte[], SampleEvent, Void, Void> {

        private final Tally tally;
        private final Function<ProcessorContext<?, ?>, Consumer<SampleEvent>> putter;
        private @Nullable ProcessorContext<Void, Void> context;
        private @Nullable Consumer<SampleEvent> put;

        Step(Tally tally, Function<ProcessorContext<?, ?>, Consumer<SampleEvent>> putter) {
            this.tally = tally;
            this.putter = putter;
        }

        @Override
        public void init(ProcessorContext<Void, Void> newContext) {
            context = newContext;
            put = putter.apply(newContext);
        }

        @Override
        public void process(Record<byte[], SampleEvent> record) {
            tally.begin();
            Objects.requireNonNull(put).accept(record.value());
            tally.end(Objects.requireNonNull(context)
                    .recordMetadata()
                    .orElseThrow()
                    .offset());
        }
    }

    /** In front of a step that buffers. */
    private static final class Begin implements Processor<byte[], SampleEvent, byte[], SampleEvent> {

        private final Tally tally;
        private @Nullable ProcessorContext<byte[], SampleEvent> context;

        Begin(Tally tally) {
            this.tally = tally;
        }

        @Override
        public void init(ProcessorContext<byte[], SampleEvent> newContext) {
            context = newContext;
        }

        @Override
        public void process(Record<byte[], SampleEvent> record) {
            tally.begin();
            Objects.requireNonNull(context).forward(record);
        }
    }

    /** Passes one of a hundred on. */
    private static final class Sample implements Processor<byte[], SampleEvent, byte[], SampleEvent> {

        private @Nullable ProcessorContext<byte[], SampleEvent> context;
        private int count;

        @Override
        public void init(ProcessorContext<byte[], SampleEvent> newContext) {
            context = newContext;
        }

        @Override
        public void process(Record<byte[], SampleEvent> record) {
            if (++count % SAMPLED == 0) {
                Objects.requireNonNull(context).forward(record);
            }
        }
    }
}
