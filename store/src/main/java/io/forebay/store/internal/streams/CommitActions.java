package io.forebay.store.internal.streams;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.internals.ProcessorContextImpl;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done before a task commits and hangs on one store: the emptying of buffers, which put into stores and forward to
 * steps that have buffers of their own.
 *
 * <p><b>Order.</b> Kafka Streams goes through the stores of a task once, in the order of the first node that each hangs on. That is
 * not the order in which records flow, if a store is read by a step further up. A buffer that is filled after its turn would be in memory only
 * while the offsets of what it holds are committed; and a store that has sealed what it holds would take what is put after
 * that for part of the next commit. Therefore the first of our stores that has its turn empties all buffers of the task
 * ({@link TaskDrain}), before it or any other one seals.
 *
 * <p>Belongs to the StreamThread.
 */
public final class CommitActions {

    private final List<Runnable> actions = new ArrayList<>();
    private @Nullable ProcessorContextImpl task;

    /** The drain that came by here last. */
    private @Nullable TaskDrain drain;

    /** The store they hang on is being opened, in this task. */
    public void open(StateStoreContext context) {
        task = context instanceof ProcessorContextImpl real ? real : null;
        drain = null;
    }

    /** The store is closed. */
    public void close() {
        actions.clear();
        task = null;
        drain = null;
    }

    /** Has one run from now on; how to undo that. */
    public Runnable add(Runnable action) {
        actions.add(action);
        return () -> actions.remove(action);
    }

    /**
     * To be called first when it is the turn of the store.
     *
     * @return whether the store may seal, since all buffers of the task are empty. If not, this was a call by the one who empties them, and
     *     the store has nothing more to do
     */
    public boolean empty() {
        TaskDrain running = TaskDrain.running();
        if (running != null) {
            running.visited(actions.size());
            drain = running;
            actions.forEach(Runnable::run);
            return false;
        }
        if (task == null) { // a store by itself, without the rest of a task
            actions.forEach(Runnable::run);
        } else if (drain == null || !drain.holdsFor(task)) {
            drain = TaskDrain.run(task);
        }
        return true;
    }
}
