package io.forebay.benchmarks.processor;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The updates of a run, each a function of its number, which is its version as well: 100 bytes for one of many keys, drawn at
 * random. They come in the order of their versions, which is what is kept by a store that knows no versions.
 *
 * @param count how many updates there are
 * @param keys how many keys they are of, about
 */
record Updates(int count, int keys) {

    static final int VALUE_BYTES = 100;

    byte[] key(int number) {
        return keyBytes(keyOf(number));
    }

    static byte[] keyBytes(int key) {
        return ("key-" + key).getBytes(StandardCharsets.UTF_8);
    }

    static byte[] value(int number) {
        return ByteBuffer.allocate(VALUE_BYTES).putLong(number).array();
    }

    static long version(byte[] value) {
        return ByteBuffer.wrap(value).getLong();
    }

    /** The newest version of each key; -1 where there is none. */
    long[] newest() {
        long[] newest = new long[keys];
        Arrays.fill(newest, -1);
        for (int number = 0; number < count; number++) {
            newest[keyOf(number)] = number;
        }
        return newest;
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood, 2014). */
    private int keyOf(int number) {
        long mixed = number * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return (int) Math.floorMod(mixed ^ (mixed >>> 31), (long) keys);
    }
}
