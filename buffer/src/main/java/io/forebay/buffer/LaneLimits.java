package io.forebay.buffer;

/** A partition's share of the bounds, and its thresholds. */
record LaneLimits(int maxEntries, long maxBytes, int drainThreshold, long drainThresholdBytes) {

    static LaneLimits of(BufferOptions options, int partitions) {
        if (options.maxEntries() < partitions) {
            throw new IllegalArgumentException("maxEntries must be at least the number of partitions: maxEntries="
                    + options.maxEntries() + ", partitions=" + partitions);
        }
        long maxBytes = options.maxBytes();
        return new LaneLimits(
                options.maxEntries() / partitions,
                maxBytes == Long.MAX_VALUE ? maxBytes : Math.max(1, maxBytes / partitions),
                options.drainThreshold(),
                options.drainThresholdBytes());
    }

    /** An empty partition has room for anything, or an element above the bound could never be accepted. */
    boolean hasRoom(int size, long bytes, long moreBytes) {
        return size == 0 || (size < maxEntries && bytes + moreBytes <= maxBytes);
    }

    boolean isDue(int activeSize, long activeBytes, int size, long bytes) {
        return activeSize > 0
                && (activeSize >= drainThreshold
                        || activeBytes >= drainThresholdBytes
                        || size >= maxEntries
                        || bytes >= maxBytes);
    }
}
