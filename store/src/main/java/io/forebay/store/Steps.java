package io.forebay.store;

/** A walk over what a store holds, which stands before the first element when it begins. Belongs to one thread. */
interface Steps<E> extends AutoCloseable {

    /** Goes to the next element; false at the end. */
    boolean advance();

    /** The element where it stands. */
    E element();

    @Override
    void close();
}
