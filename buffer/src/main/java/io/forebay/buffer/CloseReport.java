package io.forebay.buffer;

import org.jspecify.annotations.Nullable;

/**
 * What became of a buffer's contents when it was closed.
 *
 * @param delivered elements that were delivered since the buffer was opened
 * @param undelivered accepted elements that were not delivered; those in doubt are among them
 * @param inDoubt elements of batches that a processor or sink was still working on when the time ran out: they may or may not arrive
 * @param failure the last failure of a batch that could not be delivered, null if there was none
 */
public record CloseReport(
        long delivered,
        long undelivered,
        long inDoubt,
        @Nullable Throwable failure) {
    /** Whether everything that was accepted has been delivered, or was dropped on purpose and counted as such. */
    public boolean complete() {
        return undelivered == 0;
    }
}
