package io.forebay.store;

import io.forebay.store.EventDatabase.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows that the indexes of a store lead to. Their keys are what the rows of indexes end with. */
interface IndexedRows<E> {

    Table table();

    /** What a row holds, or null if it is nothing that would be in an index. */
    @Nullable
    E read(byte[] row);

    /** The rows of one index for it, without the key at the end. */
    List<byte[]> indexKeys(E value, EventIndex<E> index, int number);

    /** What has this key, for messages. */
    String describe(byte[] key);
}
