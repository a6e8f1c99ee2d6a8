package io.forebay.buffer;

import java.util.Collection;
import java.util.Map;

/**
 * Tells a {@link PutNewerBuffer} which versions are stored behind it, so that an older version that arrives after a flush, a
 * restart or a rebalance does not overwrite a newer one.
 *
 * @param <K> the type of the keys
 */
@FunctionalInterface
public interface StoredVersions<K> {
    /**
     * The stored versions of keys. Called once per batch, by the thread that processes it.
     *
     * @param keys distinct keys
     * @return the version of each key that is stored: a {@link Long} if the buffer's versions are {@code long}, else a version of
     *     their type; keys that are missing are not stored
     * @throws Exception if the versions could not be read; the batch is treated as failed
     */
    Map<K, ? extends Comparable<?>> versionsOf(Collection<K> keys) throws Exception;
}
