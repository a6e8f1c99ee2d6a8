package io.forebay.processor;

import java.util.concurrent.CompletionStage;

/** A call to a target that goes on. */
interface BatchCall {

    /** Completes when the call has ended, one way or the other. */
    CompletionStage<?> ended();

    /** Asks the call to end. */
    void cancel();

    /** Makes calls. */
    @FunctionalInterface
    interface Starter<T> {

        /** Starts a call; throws if it cannot be started. */
        BatchCall start(T batch) throws Exception;
    }
}
