/**
 * Bounded buffers in memory that lose nothing silently: what is accepted is delivered, still buffered, or counted.
 *
 * <ul>
 *   <li>{@link io.forebay.buffer.RingBuffer}: many writers, many readers that each see every event. For staging and live tails.
 *   <li>{@link io.forebay.buffer.QueueBuffer}: items in order, handed over in batches while writing goes on.
 *   <li>{@link io.forebay.buffer.PutNewerBuffer}: the newest version of each key, handed over in batches.
 *   <li>{@link io.forebay.buffer.StripedBuffer}: items from application threads, delivered in the background.
 * </ul>
 *
 * <p><b>Hot paths.</b> {@link io.forebay.buffer.RingBuffer#write} and {@link io.forebay.buffer.StripedBuffer#enqueue}
 * neither lock nor allocate. The double buffers take one short lock per call and partition when they drive themselves, none
 * when they are driven by hand.
 *
 * <p><b>Threads.</b> Everything is thread-safe, except readers of a ring (one thread at a time), hand-driven double buffers
 * (one thread) and builders. Processors, sinks and listeners never run under a lock.
 *
 * <p><b>Failures.</b> Configuration that contradicts itself is refused at once with the values in the message. At run time a failed
 * batch is kept and tried again; what is refused or overwritten for lack of room is counted; a close that runs out of
 * time reports what it leaves. Use after close is an {@link java.lang.IllegalStateException}.
 *
 * <p><b>Access modes</b> carry prefixes, here and in the protocols described at the top of the classes: {@code lp} is an opaque
 * load, {@code lv} a volatile load, {@code so} an ordered (release) store, {@code sv} a volatile store, {@code cas} a compare-and-set.
 * {@code docs/synchronization.md} lists every shared field.
 */
@NullMarked
package io.forebay.buffer;

import org.jspecify.annotations.NullMarked;
