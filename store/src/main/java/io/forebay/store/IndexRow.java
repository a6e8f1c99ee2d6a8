package io.forebay.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One index, as its rows were written.
 *
 * @param number what its rows start with
 * @param version the declared version of its extractors
 * @param shape the names and types of its parts
 */
record IndexRow(int number, int version, String shape) {

    static IndexRow of(EventIndex<?> index, int number) {
        return new IndexRow(number, index.version(), shape(index));
    }

    static IndexRow read(ByteBuffer bytes) {
        return new IndexRow(
                bytes.getInt(),
                bytes.getInt(),
                StandardCharsets.UTF_8.decode(bytes).toString());
    }

    byte[] write() {
        byte[] shapeBytes = shape.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 * Integer.BYTES + shapeBytes.length)
                .putInt(number)
                .putInt(version)
                .put(shapeBytes)
                .array();
    }

    boolean describes(EventIndex<?> index) {
        return version == index.version() && shape.equals(shape(index));
    }

    private static String shape(EventIndex<?> index) {
        return index.parts().stream()
                .map(part -> part.name() + ":" + part.type())
                .reduce((left, right) -> left + "," + right)
                .orElseThrow();
    }
}
