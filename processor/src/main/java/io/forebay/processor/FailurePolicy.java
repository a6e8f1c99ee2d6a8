package io.forebay.processor;

/** What becomes of a batch that could not be written in time, or that is not worth another attempt. */
public enum FailurePolicy {

    /**
     * The task fails, nothing of it is committed, and its records are processed again by whoever gets it next. What becomes
     * of the StreamThread is up to the application's {@code StreamsUncaughtExceptionHandler}.
     */
    FAIL_TASK,

    /**
     * Each record is handed to the application's {@code ProcessingExceptionHandler}, as if {@code process} had thrown for it;
     * where it came from included. Kafka Streams' own handlers send it to the topic in
     * {@code errors.dead.letter.queue.topic.name}, if there is one (KIP-1034).
     *
     * <p>A batch whose failure is {@linkplain BatchWriter.Builder#permanentIf permanent} is written in halves first, down to
     * single records, so that those that are not to blame get through; as far as the {@linkplain BatchWriter.Builder#deliveryTimeout
     * time} for the batch allows. What has not been tried by itself when that is over is handed over too.
     */
    EXCEPTION_HANDLER
}
