package io.forebay.buffer;

import org.jspecify.annotations.Nullable;

/** Refuses bounds in bytes without anything that tells bytes. */
final class Weighers {
    private Weighers() {}

    static void check(BufferOptions options, @Nullable Object weigher) {
        if (weigher != null) {
            return;
        }
        if (options.maxBytes() != Long.MAX_VALUE) {
            throw new IllegalArgumentException("maxBytes needs a weigher: maxBytes=" + options.maxBytes());
        }
        if (options.drainThresholdBytes() != Long.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "drainThresholdBytes needs a weigher: drainThresholdBytes=" + options.drainThresholdBytes());
        }
    }
}
