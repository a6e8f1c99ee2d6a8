package io.forebay.examples.ingest;

/**
 * One line of a file, as bytes.
 *
 * @param number counted from 1
 * @param offset position of its first byte in the (unpacked) file
 * @param bytes the line without its line break; if it is too long, its beginning
 * @param id what identifies it, see {@link LineIds}
 * @param tooLong whether it was longer than the reader keeps
 */
@SuppressWarnings("ArrayRecordComponent") // Lines are not compared, and copying each would cost.
record Line(long number, long offset, byte[] bytes, String id, boolean tooLong) {}
