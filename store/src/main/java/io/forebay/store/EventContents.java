package io.forebay.store;

import io.forebay.store.WriteSet.Entry;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.query.Position;
import org.jspecify.annotations.Nullable;

/**
 * The events of a store in RocksDB and in the changelog, where there is a record for each event, and one for the {@link Floor}.
 *
 * <p>All records have the time at which they were logged. That of the event would have the broker delete what the store still has: with a
 * retention it goes by the wall clock, while events leave by the time of other events, which may be long past when a topic is read again.
 *
 * @param store its name
 * @param floor the one that holds when a set is logged
 */
record EventContents<E>(String store, EventCodec<E> codec, EventWriter<E> writer, Supplier<Floor> floor)
        implements StoreContents<WriteSet> {

    @Override
    public WriteSet newSet(long number, boolean isLoggedAhead) {
        return new WriteSet(number); // knows what is logged by counting
    }

    @Override
    public WriteSet union(WriteSet earlier, WriteSet later) {
        return earlier.plus(later);
    }

    @Override
    public void log(WriteSet set, ChangelogWriter changelog) {
        Floor current = floor.get();
        List<Entry> entries = set.visible(set.logged(), set.length());
        Floor raised = set.floor(set.length());
        if (raised != null) {
            logHidden(set, current, changelog);
            changelog.log(Floor.key(), raised.write(), changelog.nowMs(), entries.isEmpty());
        }
        for (Entry entry : entries) {
            log(entry, current, changelog, entry == entries.get(entries.size() - 1));
        }
    }

    @Override
    public void logAhead(WriteSet set, ChangelogWriter changelog) {
        Floor current = floor.get();
        int last = set.length() - 1;
        set.visible(set.logged(), last).forEach(entry -> log(entry, current, changelog, false));
        set.logged(last);
    }

    /** Deletes what was logged ahead, and is below the floor by now. */
    private static void logHidden(WriteSet set, Floor current, ChangelogWriter changelog) {
        for (int i = 0; i < set.logged(); i++) {
            Entry entry = set.entry(i);
            if (entry.isHiddenBy(current) && set.get(entry.id, set.length()) == entry) {
                log(entry, current, changelog, false);
            }
        }
    }

    private static void log(Entry entry, Floor current, ChangelogWriter changelog, boolean last) {
        EventRow event = entry.liveAbove(current);
        changelog.log(entry.id.get(), event == null ? null : event.payload(), changelog.nowMs(), last);
    }

    @Override
    public void restore(ConsumerRecord<byte[], byte[]> record, WriteSet into) {
        into.add(entry(record));
    }

    /** What cannot be read may have been replaced or deleted further on, so that it need not be. */
    private Entry entry(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        if (value == null) {
            return Entry.delete(record.key());
        }
        try {
            return Floor.isKey(record.key()) ? Entry.floor(Floor.read(value)) : Entry.put(codec.restore(value));
        } catch (RuntimeException e) {
            return Entry.unreadable(record.key(), notUnderstood(record, e));
        }
    }

    private ProcessorStateException notUnderstood(ConsumerRecord<byte[], byte[]> record, RuntimeException cause) {
        String what = Floor.isKey(record.key()) ? "what is deleted" : "event '" + EventCodec.idText(record.key()) + "'";
        return new ProcessorStateException(
                "event store '" + store + "' cannot be restored: " + what + " at offset " + record.offset() + " of "
                        + record.topic() + "-" + record.partition() + " is not understood: " + cause.getMessage()
                        + "; use a serde and extractors that understand every event stored (with them it can be replaced or deleted)",
                cause);
    }

    @Override
    public void write(WriteSet set, @Nullable Long offset, @Nullable Position position) {
        writer.write(set, offset, position);
    }

    @Override
    public boolean tidySlice() {
        return writer.sweepSlice();
    }
}
