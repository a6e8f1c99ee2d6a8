package io.forebay.buffer;

import java.util.List;

/** How a batch gets to the processor. */
@FunctionalInterface
interface Delivery<T> {
    /** Delivers a batch; returns how many of its elements the processor got, which is less if some turned out to be stale. */
    int deliver(List<T> batch) throws Exception;
}
