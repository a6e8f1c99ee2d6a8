package io.forebay.processor;

import io.forebay.store.internal.streams.ForwardScope;
import org.apache.kafka.streams.processor.api.Record;

/** A record that the target has not acknowledged yet, with what is needed to forward it, or to say that it failed. */
record PendingRecord<K, V>(Record<K, V> record, ForwardScope.Origin origin, long bytes) {}
