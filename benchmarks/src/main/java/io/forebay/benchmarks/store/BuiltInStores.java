package io.forebay.benchmarks.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * What one writes by hand to have secondary indexes: a persistent store by id, and one for each index, whose keys are {@code
 * value 0 timestamp id} and whose values are empty. Everything is left at its defaults.
 */
final class BuiltInStores {

    static final String BY_ID = "by-id";

    private static final byte[] NO_VALUE = {};

    private enum Index {
        PROCESS(SampleEvent::process),
        FUNCTION(event -> event.module() + '\0' + event.function()),
        CORRELATION(SampleEvent::correlation),
        USER(SampleEvent::user);

        private final Function<SampleEvent, String> value;

        Index(Function<SampleEvent, String> value) {
            this.value = value;
        }

        private Bytes key(SampleEvent event) {
            byte[] valueBytes = bytes(value.apply(event));
            byte[] id = bytes(event.id());
            return Bytes.wrap(ByteBuffer.allocate(valueBytes.length + 1 + Long.BYTES + id.length)
                    .put(valueBytes)
                    .put((byte) 0)
                    .putLong(event.timestampNanos())
                    .put(id)
                    .array());
        }
    }

    private BuiltInStores() {}

    static List<StoreBuilder<?>> builders(boolean indexed) {
        List<StoreBuilder<?>> builders = new ArrayList<>();
        builders.add(builder(BY_ID, SampleEvent.serde()));
        if (indexed) {
            for (Index index : Index.values()) {
                builders.add(builder(index.name(), Serdes.ByteArray()));
            }
        }
        return builders;
    }

    /** Puts events into the stores of a task. */
    static Consumer<SampleEvent> putter(ProcessorContext<?, ?> context, boolean indexed) {
        KeyValueStore<Bytes, SampleEvent> byId = context.getStateStore(BY_ID);
        if (!indexed) {
            return event -> byId.put(id(event), event);
        }
        Index[] indexes = Index.values();
        List<KeyValueStore<Bytes, byte[]>> stores = new ArrayList<>();
        for (Index index : indexes) {
            stores.add(context.getStateStore(index.name()));
        }
        return event -> {
            byId.put(id(event), event);
            for (int i = 0; i < indexes.length; i++) {
                stores.get(i).put(indexes[i].key(event), NO_VALUE);
            }
        };
    }

    static Bytes id(SampleEvent event) {
        return Bytes.wrap(bytes(event.id()));
    }

    private static <V> StoreBuilder<KeyValueStore<Bytes, V>> builder(String name, Serde<V> values) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.Bytes(), values);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
