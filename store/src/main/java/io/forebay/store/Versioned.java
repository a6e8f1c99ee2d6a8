package io.forebay.store;

import org.apache.kafka.common.header.Headers;

/**
 * What a {@link LatestStore} has of a key: the newest value, and where it stands.
 *
 * @param key the key
 * @param value the newest value
 * @param version the version of that value
 * @param timestampMs the timestamp of the record that brought it, in milliseconds since the epoch
 * @param headers a copy of the headers of that record
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public record Versioned<K, V>(K key, V value, long version, long timestampMs, Headers headers) {}
