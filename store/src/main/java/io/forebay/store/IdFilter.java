package io.forebay.store;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;

/**
 * Which ids a store may have, of a store that was empty when it was opened: in the heap, and so without a call of RocksDB for each id that is new.
 *
 * <p>A Bloom filter whose bits of one id lie in one cache line (Putze, Sanders, Singler: Cache-, Hash- and Space-Efficient Bloom Filters, 2007). When a layer is full,
 * a larger one is added, which an id is looked up in as well. What is too much for the last is not kept, and any id may be there from then on.
 *
 * <p>Belongs to one thread at a time. O(1), 10 bits for each id, about one in a hundred wrong answers that an id may be there.
 */
final class IdFilter {

    private static final int BITS_PER_ID = 10;
    private static final int BITS_SET = 6;
    private static final int LINE_LONGS = 8;
    private static final int FIRST_LAYER_LONGS = 1 << 13;
    private static final int GROWTH = 4;

    /** 64 KiB, 256 KiB, 1 MiB, 4 MiB: 4,500,000 ids. */
    private static final int MAX_LAYERS = 4;

    private final List<long[]> layers = new ArrayList<>();
    private int room;

    /** Adds an id; whether it is certain that it had not been added before. */
    boolean add(Bytes id) {
        long hash = hashOf(id);
        for (long[] layer : layers) {
            if (holds(layer, hash)) {
                return false;
            }
        }
        if (isFull()) {
            return false;
        }
        if (room == 0) {
            addLayer();
        }
        room--;
        set(layers.get(layers.size() - 1), hash);
        return true;
    }

    /** Whether there is no more room, and so nothing that it could say. */
    boolean isFull() {
        return layers.size() == MAX_LAYERS && room == 0;
    }

    private void addLayer() {
        int longs = layers.isEmpty() ? FIRST_LAYER_LONGS : layers.get(layers.size() - 1).length * GROWTH;
        layers.add(new long[longs]);
        room = longs / BITS_PER_ID * Long.SIZE;
    }

    private static boolean holds(long[] layer, long hash) {
        int line = lineOf(layer, hash);
        long bits = hash;
        for (int i = 0; i < BITS_SET; i++, bits >>>= 9) {
            if ((layer[line + (int) (bits >>> 6 & LINE_LONGS - 1)] & 1L << bits) == 0) {
                return false;
            }
        }
        return true;
    }

    private static void set(long[] layer, long hash) {
        int line = lineOf(layer, hash);
        long bits = hash;
        for (int i = 0; i < BITS_SET; i++, bits >>>= 9) {
            layer[line + (int) (bits >>> 6 & LINE_LONGS - 1)] |= 1L << bits;
        }
    }

    private static int lineOf(long[] layer, long hash) {
        return (int) (hash * 0x9E3779B97F4A7C15L >>> 32) & layer.length - LINE_LONGS;
    }

    /** Two rounds of a multiplication, so that all bits depend on all of the id's hash. */
    private static long hashOf(Bytes id) {
        long hash = id.hashCode() * 0x9E3779B97F4A7C15L;
        hash ^= hash >>> 32;
        return hash * 0xD6E8FEB86659FD93L ^ hash >>> 29;
    }
}
