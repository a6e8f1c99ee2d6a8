package io.forebay.serdes;

import io.forebay.serdes.sample.Digest;
import io.forebay.serdes.sample.Line;
import io.forebay.serdes.sample.Order;
import io.forebay.serdes.sample.State;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A record with a field of every kind. */
public final class SampleOrders {
    private SampleOrders() {}

    /** Every field set. */
    public static Order order() {
        return Order.newBuilder()
                .setId(UUID.fromString("0193c1f7-5d3e-7c52-9f1a-2f6c9e1b7a44"))
                .setState(State.PAID)
                .setDigest(new Digest(new byte[] {1, 2, 3, 4}))
                .setTotal(new BigDecimal("12.50"))
                .setDay(LocalDate.of(2026, 1, 1))
                .setAt(LocalTime.of(12, 30))
                .setPlaced(Instant.parse("2026-01-01T12:00:00.123Z"))
                .setPaid(Instant.parse("2026-01-01T12:00:00.123456Z"))
                .setLines(List.of(new Line("nut", 3, 1.5), new Line("bolt", 1, null)))
                .setLabels(Map.of("priority", 1L))
                .setPayload(new Line("washer", 2, null))
                .setGift(true)
                .setRating(4.5f)
                .build();
    }
}
