package io.forebay.store;

import java.util.Iterator;

/**
 * Walks events, or what else a store holds, in the order of the query that it answers, all of them as they were when it was opened. Has to be closed: until
 * then it keeps RocksDB from dropping what it may still have to show.
 *
 * <p>It keeps no store from closing. When its store closes, because the task moves to another instance for example, the
 * iterator ends with an {@link org.apache.kafka.streams.errors.InvalidStateStoreException}.
 *
 * <p>Belongs to one thread at a time.
 *
 * @param <E> the type of what it walks
 */
public interface EventIterator<E> extends Iterator<E>, AutoCloseable {

    /** Lets go of the snapshot. Does nothing the second time. */
    @Override
    void close();
}
