package io.forebay.benchmarks.processor;

import io.forebay.benchmarks.cases.Tally;
import io.forebay.processor.PutNewer;
import io.forebay.processor.VersionSource;
import io.forebay.store.LatestDefinition;
import io.forebay.store.LatestStores;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.VersionedKeyValueStore;
import org.jspecify.annotations.Nullable;

/** What becomes of updates, so that the newest of each key is known afterwards. Stores are left at their defaults. */
enum UpdateStep {
    /** {@link PutNewer} with its store, which also sends the newest of each key on, once a second. */
    PUT_NEWER,
    /** A persistent store of Kafka Streams, without a cache; {@code put} only, which takes the last one for the newest. */
    BUILT_IN,
    /** The same with Kafka Streams' record cache. */
    CACHED,
    /** The same without a cache, and with a look at what is there, to put only what is newer. */
    BUILT_IN_NEWER,
    /** A versioned store (KIP-889), whose timestamps are the versions. */
    VERSIONED,
    /** Nothing at all. */
    NOTHING;

    static final String STORE = "newest";

    private static final Duration FLUSH_INTERVAL = Duration.ofSeconds(1);
    private static final Duration HISTORY = Duration.ofMillis(1);

    Topology topology(String topic, Tally tally) {
        Topology topology = new Topology();
        topology.addSource("in", new ByteArrayDeserializer(), new ByteArrayDeserializer(), topic);
        if (this == PUT_NEWER) {
            topology.addProcessor("tally", () -> new Step(tally, context -> context::forward), "in");
            topology.addProcessor("newest", putNewer(), "tally");
            topology.addProcessor("out", () -> new Step(null, context -> update -> {}), "newest");
        } else {
            topology.addProcessor("step", new Supplier(this, tally), "in");
        }
        return topology;
    }

    private static PutNewer<byte[], byte[]> putNewer() {
        return PutNewer.builder(
                        LatestStores.builder(STORE, LatestDefinition.of(Serdes.ByteArray(), Serdes.ByteArray())),
                        VersionSource.<byte[], byte[]>value(Updates::version))
                .flushInterval(FLUSH_INTERVAL, PunctuationType.WALL_CLOCK_TIME)
                .build();
    }

    private Set<StoreBuilder<?>> stores() {
        return switch (this) {
            case BUILT_IN, BUILT_IN_NEWER -> Set.of(keyValueStore().withCachingDisabled());
            case CACHED -> Set.of(keyValueStore().withCachingEnabled());
            case VERSIONED ->
                Set.of(Stores.versionedKeyValueStoreBuilder(
                        Stores.persistentVersionedKeyValueStore(STORE, HISTORY),
                        Serdes.ByteArray(),
                        Serdes.ByteArray()));
            case NOTHING, PUT_NEWER -> Set.of();
        };
    }

    private static StoreBuilder<KeyValueStore<byte[], byte[]>> keyValueStore() {
        return Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(STORE), Serdes.ByteArray(), Serdes.ByteArray());
    }

    private Consumer<Record<byte[], byte[]>> action(ProcessorContext<byte[], byte[]> context) {
        return switch (this) {
            case BUILT_IN, CACHED -> {
                KeyValueStore<byte[], byte[]> store = context.getStateStore(STORE);
                yield update -> store.put(update.key(), update.value());
            }
            case BUILT_IN_NEWER -> {
                KeyValueStore<byte[], byte[]> store = context.getStateStore(STORE);
                yield update -> {
                    byte[] known = store.get(update.key());
                    if (known == null || Updates.version(known) < Updates.version(update.value())) {
                        store.put(update.key(), update.value());
                    }
                };
            }
            case VERSIONED -> {
                VersionedKeyValueStore<byte[], byte[]> store = context.getStateStore(STORE);
                yield update -> store.put(update.key(), update.value(), Updates.version(update.value()));
            }
            case NOTHING, PUT_NEWER -> update -> {};
        };
    }

    private record Supplier(UpdateStep step, Tally tally) implements ProcessorSupplier<byte[], byte[], byte[], byte[]> {

        @Override
        public Processor<byte[], byte[], byte[], byte[]> get() {
            return new Step(tally, step::action);
        }

        @Override
        public Set<StoreBuilder<?>> stores() {
            return step.stores();
        }
    }

    /** Does something with each update, and tells the tally. */
    private static final class Step implements Processor<byte[], byte[], byte[], byte[]> {

        private final @Nullable Tally tally;
        private final Function<ProcessorContext<byte[], byte[]>, Consumer<Record<byte[], byte[]>>> actions;
        private @Nullable ProcessorContext<byte[], byte[]> context;
        private @Nullable Consumer<Record<byte[], byte[]>> action;

        Step(
                @Nullable Tally tally,
                Function<ProcessorContext<byte[], byte[]>, Consumer<Record<byte[], byte[]>>> actions) {
            this.tally = tally;
            this.actions = actions;
        }

        @Override
        public void init(ProcessorContext<byte[], byte[]> newContext) {
            context = newContext;
            action = actions.apply(newContext);
        }

        @Override
        public void process(Record<byte[], byte[]> update) {
            if (tally == null) {
                Objects.requireNonNull(action).accept(update);
                return;
            }
            tally.begin();
            Objects.requireNonNull(action).accept(update);
            tally.end(Objects.requireNonNull(context)
                    .recordMetadata()
                    .orElseThrow()
                    .offset());
        }
    }
}
