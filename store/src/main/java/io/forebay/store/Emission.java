package io.forebay.store;

import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What goes out of the outbox of a {@link LatestStore} for one key.
 *
 * @param key the key
 * @param value the newest value, or null if the key is deleted
 * @param version the version of the value, or of the delete
 * @param timestampMs the timestamp of the record that brought it, in milliseconds since the epoch
 * @param headers a copy of the headers of that record
 * @param updates how many updates it stands for: this one, and those before it that nobody has been told of
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public record Emission<K, V>(K key, @Nullable V value, long version, long timestampMs, Headers headers, int updates) {}
