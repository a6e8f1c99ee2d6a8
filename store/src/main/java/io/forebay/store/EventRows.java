package io.forebay.store;

import io.forebay.store.EventDatabase.Table;
import java.util.List;

/** The rows of events. */
record EventRows<E>(EventCodec<E> codec) implements IndexedRows<E> {

    @Override
    public Table table() {
        return Table.EVENTS;
    }

    @Override
    public E read(byte[] row) {
        return codec.deserialize(row);
    }

    @Override
    public List<byte[]> indexKeys(E value, EventIndex<E> index, int number) {
        return EventCodec.indexKeys(value, index, number);
    }

    @Override
    public String describe(byte[] key) {
        return "event '" + EventCodec.idText(Rows.idOf(key)) + "'";
    }
}
