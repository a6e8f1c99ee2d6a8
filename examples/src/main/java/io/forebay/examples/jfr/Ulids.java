package io.forebay.examples.jfr;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes ids for captured events: ULIDs (26 characters of Crockford's base 32) that sort by the time of the event, to the
 * nanosecond.
 *
 * <pre>
 *   48 bits            20 bits               36 bits          24 bits
 *   epoch millisecond | nanosecond in it    | source, random | sequence
 * </pre>
 *
 * Two events of one source differ in their sequence unless 2<sup>24</sup> of them share a nanosecond; two sources differ
 * in their random part. Thread-safe.
 *
 * @see <a href="https://github.com/ulid/spec">ULID specification</a>
 */
final class Ulids {

    private static final char[] DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
    private static final int LENGTH = 26;
    private static final int SOURCE_BITS = 36;
    private static final int SEQUENCE_BITS = 24;

    private final long source;
    private final AtomicInteger sequence = new AtomicInteger();

    Ulids() {
        this(new SecureRandom().nextLong());
    }

    /** Uses the lowest 36 bits of {@code source} in place of random ones. */
    Ulids(long source) {
        this.source = source & ((1L << SOURCE_BITS) - 1);
    }

    /** Returns a new id for an event that happened at {@code time}. */
    String next(Instant time) {
        long millis = time.toEpochMilli();
        long nanosInMilli = time.getNano() % 1_000_000;
        long next = sequence.getAndIncrement() & ((1L << SEQUENCE_BITS) - 1);

        // 20 bits of nanoseconds: 16 in the high word, 4 in the low one.
        long high = (millis << 16) | (nanosInMilli >>> 4);
        long low = (nanosInMilli << (SOURCE_BITS + SEQUENCE_BITS)) | (source << SEQUENCE_BITS) | next;
        return encode(high, low);
    }

    /** 128 bits as 26 digits of five bits, the first holding three. */
    private static String encode(long high, long low) {
        char[] text = new char[LENGTH];
        for (int i = LENGTH - 1; i >= 0; i--) {
            text[i] = DIGITS[(int) (low & 31)];
            low = (low >>> 5) | (high << 59);
            high >>>= 5;
        }
        return new String(text);
    }
}
