package io.forebay.processor;

import io.forebay.store.PreparedEvent;
import io.forebay.store.internal.streams.ForwardScope;
import org.apache.kafka.streams.processor.api.Record;

/** An event on its way to the store, with what is needed to forward it. */
record StagedEvent<K, E>(Record<K, E> record, PreparedEvent<E> event, ForwardScope.Origin origin) {}
