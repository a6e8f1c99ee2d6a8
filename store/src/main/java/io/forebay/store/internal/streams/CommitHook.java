package io.forebay.store.internal.streams;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * A store that holds nothing: it lets a processor that has no store of its own be called before its task commits. Neither
 * persistent nor logged, so there is nothing to restore and no topic.
 *
 * <p>A processor that brings one along with {@code ConnectedStoreProvider} is called as often as it takes for everything that is
 * forwarded before a commit to arrive ({@link CommitActions}).
 */
public final class CommitHook implements StateStore, CommitAware {

    private final String name;
    private final CommitActions actions = new CommitActions();
    private boolean open;

    private CommitHook(String name) {
        this.name = name;
    }

    /** Builds hooks, one for each task, under a name that no other store of the topology has. */
    public static StoreBuilder<CommitHook> builder(String name) {
        return new Builder(name);
    }

    /**
     * Runs an action before every commit, perhaps several times, while records may still be forwarded; also before a task is revoked or
     * closed, cleanly or not. An exception fails the commit.
     *
     * @return undoes the registration; call it when the processor is closed
     */
    public Runnable beforeCommit(Runnable action) {
        return actions.add(action);
    }

    @Override
    public void beforeCommit() {
        actions.empty();
    }

    @Override
    public void dropUncommitted() {
        // holds nothing
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        open = true;
        actions.open(context);
        context.register(root, (key, value) -> {
            throw new IllegalStateException("store " + name + " is not logged and has nothing to restore");
        });
    }

    @Override
    public void commit(Map<TopicPartition, Long> changelogOffsets) {
        // holds nothing
    }

    @Override
    public void close() {
        open = false;
        actions.close();
    }

    @Override
    public boolean persistent() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    private record Builder(String name) implements StoreBuilder<CommitHook> {

        @Override
        public CommitHook build() {
            return new CommitHook(name);
        }

        @Override
        public StoreBuilder<CommitHook> withCachingEnabled() {
            return this;
        }

        @Override
        public StoreBuilder<CommitHook> withCachingDisabled() {
            return this;
        }

        @Override
        public StoreBuilder<CommitHook> withLoggingEnabled(Map<String, String> config) {
            throw new UnsupportedOperationException("store " + name + " holds nothing that could be logged");
        }

        @Override
        public StoreBuilder<CommitHook> withLoggingDisabled() {
            return this;
        }

        @Override
        public Map<String, String> logConfig() {
            return Map.of();
        }

        @Override
        public boolean loggingEnabled() {
            return false;
        }
    }
}
