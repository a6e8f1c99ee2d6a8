package io.forebay.store;

import io.forebay.store.EventDatabase.RowBatch;
import io.forebay.store.EventDatabase.Table;
import io.forebay.store.internal.streams.TaskContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.query.Position;
import org.jspecify.annotations.Nullable;

/**
 * What a store persists about itself, written in the same batches as the events: the format, the changelog offset and the
 * position its rows stand for, and the number of events.
 */
final class StoreMeta {

    /** What Kafka Streams uses for an offset that is not known yet, but not lost either. */
    static final long OFFSET_UNKNOWN = -4;

    private static final byte[] FORMAT = key("format");
    private static final byte[] OFFSET = key("offset");
    private static final byte[] POSITION = key("position");
    private static final byte[] COUNT = key("count");
    private static final byte[] FLOOR = key("floor");
    private static final byte[] STALE = key("stale");

    private static final Contents NOTHING = new Contents(0, WriteSet.UNNUMBERED);

    private final EventDatabase database;

    private StoreMeta(EventDatabase database) {
        this.database = database;
    }

    /**
     * The meta data of a database; a new one is marked as ours.
     *
     * @throws ProcessorStateException if the database has a format that this version cannot read
     */
    static StoreMeta open(EventDatabase database) {
        StoreMeta meta = new StoreMeta(database);
        byte[] format = database.get(Table.META, FORMAT);
        if (format == null && database.isEmpty()) {
            meta.initialize();
        } else if (format == null) {
            throw database.corrupted("it has events, but no format", null);
        } else if (format.length != 1 || format[0] != Rows.FORMAT) {
            throw new ProcessorStateException("the " + database.kind() + " in " + database.directory() + " has format "
                    + (format.length == 0 ? "(none)" : format[0]) + ", this version of Forebay reads format "
                    + Rows.FORMAT
                    + "; use the version that wrote it, or delete the directory to have it rebuilt from the changelog");
        }
        return meta;
    }

    /** A new database has lost nothing, so that its offset is unknown rather than absent. */
    private void initialize() {
        RowBatch batch = database.newBatch();
        batch.put(Table.META, FORMAT, new byte[] {Rows.FORMAT});
        putOffset(batch, OFFSET_UNKNOWN);
        putContents(batch, NOTHING);
        database.write(batch);
    }

    @Nullable
    Long offset() {
        return getLong(OFFSET);
    }

    void putOffset(RowBatch batch, long offset) {
        batch.put(Table.META, OFFSET, bytes(offset));
    }

    void removeOffset() {
        RowBatch batch = database.newBatch();
        batch.delete(Table.META, OFFSET);
        database.write(batch);
    }

    /**
     * Whether no set of changes has been written yet, so that there are no rows. Looks at nothing but its own: what is put has a number, and
     * what is restored a position.
     */
    boolean isNew() {
        return contents().equals(NOTHING) && database.get(Table.META, POSITION) == null;
    }

    Contents contents() {
        try (DatabaseSnapshot snapshot = database.snapshot()) {
            return contents(snapshot);
        }
    }

    /** What is in a snapshot. */
    static Contents contents(DatabaseSnapshot snapshot) {
        byte[] bytes = snapshot.get(Table.META, COUNT);
        if (bytes == null) {
            return NOTHING;
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        long events = buffer.getLong();
        return new Contents(events, buffer.hasRemaining() ? buffer.getLong() : WriteSet.UNNUMBERED);
    }

    void putContents(RowBatch batch, Contents contents) {
        batch.put(
                Table.META,
                COUNT,
                ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(contents.events)
                        .putLong(contents.setNumber)
                        .array());
    }

    Floor floor() {
        try (DatabaseSnapshot snapshot = database.snapshot()) {
            return floor(snapshot);
        }
    }

    /** The floor in a snapshot. */
    static Floor floor(DatabaseSnapshot snapshot) {
        byte[] bytes = snapshot.get(Table.META, FLOOR);
        return bytes == null ? Floor.NONE : Floor.read(bytes);
    }

    void putFloor(RowBatch batch, Floor floor) {
        batch.put(Table.META, FLOOR, floor.write());
    }

    /** How many events below the floor may still have rows, at most. */
    long stale() {
        Long stale = getLong(STALE);
        return stale == null ? 0 : stale;
    }

    void putStale(RowBatch batch, long stale) {
        batch.put(Table.META, STALE, bytes(stale));
    }

    Position position() {
        byte[] bytes = database.get(Table.META, POSITION);
        return bytes == null ? Position.emptyPosition() : TaskContext.deserialize(bytes);
    }

    void putPosition(RowBatch batch, Position position) {
        batch.put(Table.META, POSITION, TaskContext.serialize(position));
    }

    private @Nullable Long getLong(byte[] key) {
        byte[] bytes = database.get(Table.META, key);
        return bytes == null ? null : ByteBuffer.wrap(bytes).getLong();
    }

    private static byte[] bytes(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    private static byte[] key(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * What the rows hold.
     *
     * @param events the number of events
     * @param setNumber the number of the last set of changes that was written
     */
    record Contents(long events, long setNumber) {}
}
