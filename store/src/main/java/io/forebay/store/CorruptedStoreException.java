package io.forebay.store;

import org.apache.kafka.streams.errors.ProcessorStateException;
import org.jspecify.annotations.Nullable;

/** What is on disk is not what was written. The store is rebuilt from its changelog when it is opened again. */
final class CorruptedStoreException extends ProcessorStateException {

    private static final long serialVersionUID = 1L;

    CorruptedStoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
