package io.forebay.buffer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Leaves out entries whose stored version is not older, and hands the others to the processor. */
final class NewerDelivery<K, V> implements Delivery<VersionedEntry<K, V>> {
    private final StoredVersions<K> stored;
    private final BatchProcessor<VersionedEntry<K, V>> processor;

    NewerDelivery(StoredVersions<K> stored, BatchProcessor<VersionedEntry<K, V>> processor) {
        this.stored = stored;
        this.processor = processor;
    }

    @Override
    public int deliver(List<VersionedEntry<K, V>> batch) throws Exception {
        List<K> keys = batch.stream().map(VersionedEntry::key).toList();
        Map<K, ? extends Comparable<?>> versions = stored.versionsOf(keys);
        List<VersionedEntry<K, V>> newer = new ArrayList<>(batch.size());
        for (VersionedEntry<K, V> entry : batch) {
            Comparable<?> version = versions.get(entry.key());
            if (version == null) {
                newer.add(entry);
            } else {
                addIfNewer(newer, entry, storedEntry(entry, version));
            }
        }
        if (!newer.isEmpty()) {
            processor.process(Collections.unmodifiableList(newer));
        }
        return newer.size();
    }

    private void addIfNewer(
            List<VersionedEntry<K, V>> newer, VersionedEntry<K, V> entry, VersionedEntry<K, V> storedEntry) {
        if (entry.isUnconditional()) {
            VersionedEntry<K, V> raised = entry.copy();
            raised.raiseVersion(storedEntry);
            newer.add(raised);
        } else if (storedEntry.isOlderThan(entry.version(), entry.orderedVersion())) {
            newer.add(entry);
        }
    }

    /** The stored version in the shape of an entry. */
    static <K, V> VersionedEntry<K, V> storedEntry(VersionedEntry<K, V> like, Comparable<?> version) {
        return version instanceof Long number
                ? new VersionedEntry<>(like.key(), like.hash, null, number, null)
                : new VersionedEntry<>(like.key(), like.hash, null, 0, version);
    }
}
