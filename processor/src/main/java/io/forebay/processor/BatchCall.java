package io.forebay.processor;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A call to a target that goes on. */
interface BatchCall {

    /** Completes when the call has ended, one way or the other. */
    CompletionStage<?> ended();

    /** Asks the call to end. */
    void cancel();

    /** One that could not even be started. */
    static BatchCall failed(Throwable cause) {
        CompletionStage<?> ended = CompletableFuture.failedFuture(cause);
        return new BatchCall() {
            @Override
            public CompletionStage<?> ended() {
                return ended;
            }

            @Override
            public void cancel() {
                // it has ended
            }
        };
    }

    /** Makes calls. */
    @FunctionalInterface
    interface Starter<T> {

        /**
         * Starts a call; throws if it cannot be started.
         *
         * @throws BatchWriteException if there can be no more calls at all
         */
        BatchCall start(T batch) throws Exception;
    }
}
