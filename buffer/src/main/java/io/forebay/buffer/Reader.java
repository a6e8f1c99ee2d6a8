package io.forebay.buffer;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One reader of a {@link RingBuffer}, with a position of its own: every reader sees every event, at most once and in order.
 *
 * <p>A reader belongs to one thread at a time. {@link #position()} and {@link #missed()} may be called by any thread.
 *
 * @param <E> the type of the events
 */
public interface Reader<E> extends AutoCloseable {
    /**
     * Takes the next event, without waiting for one to be written.
     *
     * @return the event; null only if every event that was accepted before the call has been read
     * @throws IllegalStateException if the reader or its ring is closed
     */
    @Nullable
    E poll();

    /**
     * Takes the next event, and waits for one as the ring's {@link WaitStrategy} says.
     *
     * @param timeout how long to wait at most
     * @return the event, or null if none was published in time
     * @throws InterruptedException if the thread is interrupted while it waits
     * @throws IllegalStateException if the reader or its ring is, or meanwhile gets, closed
     */
    @Nullable
    E poll(Duration timeout) throws InterruptedException;

    /**
     * Hands events to the consumer, in order, until {@code max} are delivered or none is left. Does not wait for events to be
     * written. Returns 0 only if every event that was accepted before the call has been read; a positive number less than
     * {@code max} does not promise that.
     *
     * <p>If the consumer throws, the exception is passed on; the event it was thrown for counts as delivered, and the next call
     * goes on with the one after it. The consumer must not read from this reader itself.
     *
     * @param consumer gets each event
     * @param max how many events to deliver at most, zero or more
     * @return how many events were delivered
     * @throws IllegalStateException if the reader or its ring is closed
     */
    int drain(Consumer<? super E> consumer, int max);

    /** The position of the event that this reader takes next. */
    long position();

    /** How many events were overwritten before this reader got to them, since it was opened. Exact at any time. */
    long missed();

    /** Stops reading. Writers no longer wait for this reader. Closing twice does nothing. */
    @Override
    void close();
}
