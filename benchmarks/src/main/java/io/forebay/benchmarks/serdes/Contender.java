package io.forebay.benchmarks.serdes;

import io.forebay.serdes.event.Event;

/** Something that writes and reads events. Used by one thread. */
interface Contender {
    byte[] serialize(Event event);

    Event deserialize(byte[] bytes);
}
