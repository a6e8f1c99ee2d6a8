package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.util.List;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which of the sets in memory a reader sees. */
class StoreSnapshotTest {

    @TempDir
    File directory;

    /** Under exactly-once a set stays sealed until the next commit: its own is not known to have succeeded. */
    @Test
    void readsOfWhatIsCommittedLeaveOutTheSealedAndTheActiveSet() {
        EventDefinition<Sample> definition = Sample.definition();
        try (EventDatabase database = EventDatabase.open(directory)) {
            StoreMeta meta = StoreMeta.open(database);
            EventCodec<Sample> codec =
                    new EventCodec<>(definition, "test", new IndexCatalogue(database).reconcile(definition, "test"));
            new EventWriter<>(database, codec, meta).write(set(1, codec, "disk"), null, null);
            WriteSet sealed = set(3, codec, "sealed");
            sealed.add(WriteSet.Entry.delete(EventCodec.idBytes("disk")));
            Uncommitted<WriteSet> sets =
                    new Uncommitted<>(WriteSet::new, set(4, codec, "active"), sealed, set(2, codec, "writing"));
            EventReader<Sample> reader = new EventReader<>(codec, database, () -> sets, () -> {});

            assertThat(ids(reader, IsolationLevel.READ_COMMITTED)).containsExactly("disk", "writing");
            assertThat(ids(reader, IsolationLevel.READ_UNCOMMITTED)).containsExactly("active", "sealed", "writing");
        }
    }

    private static WriteSet set(long number, EventCodec<Sample> codec, String id) {
        WriteSet set = new WriteSet(number);
        set.add(WriteSet.Entry.put(codec.prepare(Sample.of(id, 1)).row()));
        return set;
    }

    private static List<String> ids(EventReader<Sample> reader, IsolationLevel isolation) {
        return reader.query(EventQuery.<Sample>all().isolation(isolation)).events().stream()
                .map(Sample::id)
                .toList();
    }
}
