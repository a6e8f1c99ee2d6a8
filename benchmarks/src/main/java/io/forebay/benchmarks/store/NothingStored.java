package io.forebay.benchmarks.store;

import java.util.Map;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * Counts as persistent state and holds none. Kafka Streams gives an application without any persistent store another transactional
 * id at every start; with this one it comes back as the producer it was, as the applications with stores do, and has to end the
 * transaction that it was killed in.
 */
final class NothingStored implements StateStore {

    private static final String NAME = "nothing";
    private boolean open;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        open = true;
        context.register(root, (key, value) -> {});
    }

    @Override
    public void close() {
        open = false;
    }

    @Override
    public boolean persistent() {
        return true;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    static final class Builder implements StoreBuilder<NothingStored> {

        @Override
        public StoreBuilder<NothingStored> withCachingEnabled() {
            return this;
        }

        @Override
        public StoreBuilder<NothingStored> withCachingDisabled() {
            return this;
        }

        @Override
        public StoreBuilder<NothingStored> withLoggingEnabled(Map<String, String> config) {
            return this;
        }

        @Override
        public StoreBuilder<NothingStored> withLoggingDisabled() {
            return this;
        }

        @Override
        public NothingStored build() {
            return new NothingStored();
        }

        @Override
        public Map<String, String> logConfig() {
            return Map.of();
        }

        @Override
        public boolean loggingEnabled() {
            return false;
        }

        @Override
        public String name() {
            return NAME;
        }
    }
}
