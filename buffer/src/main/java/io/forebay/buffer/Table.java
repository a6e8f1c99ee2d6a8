package io.forebay.buffer;

import java.util.List;

/** The active side of a partition: what writers fill until it is sealed. Guarded by its {@link Lane}. */
interface Table<T> {
    /** Elements that would be handed over. */
    int size();

    long bytes();

    /** A copy of the contents. */
    List<T> peek();

    /** Hands over the contents and empties itself; the result shares no state with what is written afterwards. */
    Sealed<T> seal();

    /** The side that was sealed last has been handed over completely. */
    default void forgetSealed() {}
}
