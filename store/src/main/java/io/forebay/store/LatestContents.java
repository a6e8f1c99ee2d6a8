package io.forebay.store;

import java.util.Iterator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.query.Position;
import org.jspecify.annotations.Nullable;

/** The rows of a latest store in RocksDB and in the changelog, where there is a record for each key, and one for the {@link OutboxMarker}. */
record LatestContents<K, V>(LatestCodec<K, V> codec, LatestWriter<K, V> writer) implements StoreContents<LatestSet> {

    @Override
    public LatestSet newSet(long number, boolean isLoggedAhead) {
        return isLoggedAhead ? LatestSet.loggedAhead(number) : new LatestSet(number);
    }

    @Override
    public LatestSet union(LatestSet earlier, LatestSet later) {
        return earlier.plus(later);
    }

    /**
     * The marker comes first, so that what restores knows that rows of the same set are not pending. Those that were logged ahead are until it
     * comes.
     */
    @Override
    public void log(LatestSet set, ChangelogWriter changelog) {
        Iterator<LatestChange> changes =
                set.changes().stream().filter(change -> !change.isLogged()).iterator();
        if (set.loggedMarker() != LatestSet.NONE) {
            changelog.log(
                    OutboxMarker.key(), OutboxMarker.write(set.loggedMarker()), changelog.nowMs(), !changes.hasNext());
        }
        while (changes.hasNext()) {
            LatestChange change = changes.next();
            log(change, changelog, !changes.hasNext());
        }
    }

    @Override
    public void logAhead(LatestSet set, ChangelogWriter changelog) {
        for (LatestChange change : set.takeUnlogged()) {
            log(change, changelog, false);
            change.logged();
        }
    }

    private static void log(LatestChange change, ChangelogWriter changelog, boolean last) {
        LatestRow row = change.row();
        changelog.log(
                change.key().get(),
                row == null ? null : row.write(),
                row == null ? changelog.nowMs() : row.timestampMs(),
                last);
    }

    @Override
    public void restore(ConsumerRecord<byte[], byte[]> record, LatestSet into) {
        byte[] value = record.value();
        if (value != null && OutboxMarker.isKey(record.key())) {
            into.marker(OutboxMarker.read(value));
            return;
        }
        LatestChange change = codec.restore(record.key(), value);
        into.put(change, false); // whether the key existed is found out when the set is written
        if (change.row() != null) {
            into.streamTimeMs(change.row().timestampMs());
        }
    }

    @Override
    public void write(LatestSet set, @Nullable Long offset, @Nullable Position position) {
        writer.write(set, offset, position);
    }

    @Override
    public boolean tidySlice() {
        return false; // everything is done in time
    }
}
