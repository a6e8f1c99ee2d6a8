package io.forebay.examples.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/**
 * What a run did; the last line it prints, as JSON, for scripts.
 *
 * @param captured events the source saw
 * @param published events the broker has acknowledged
 * @param indexed events put into the store, those included that an earlier run had published and not indexed
 * @param dropped events shed between the source and the store because a buffer was full
 * @param deadLettered records that were not usable
 * @param queries queries answered
 * @param seconds how long the run took
 */
record DemoSummary(
        long captured,
        long published,
        long indexed,
        long dropped,
        long deadLettered,
        long queries,
        BigDecimal seconds) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static BigDecimal seconds(Duration duration) {
        return BigDecimal.valueOf(duration.toMillis(), 3).setScale(1, RoundingMode.HALF_UP);
    }

    String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of numbers is always JSON", e);
        }
    }
}
