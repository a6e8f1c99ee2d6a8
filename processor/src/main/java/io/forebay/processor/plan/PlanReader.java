package io.forebay.processor.plan;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes plans of records, in their order. Used by one thread, except for its counter. */
final class PlanReader {

    private static final Logger LOG = LoggerFactory.getLogger(PlanReader.class);

    private final Map<String, StoredPlan> plans = new HashMap<>();
    private final LongAdder malformed;

    /** @param malformed counts the records that are skipped */
    PlanReader(LongAdder malformed) {
        this.malformed = malformed;
    }

    /** The plans after the records so far: changed by the next one. */
    Map<String, StoredPlan> plans() {
        return plans;
    }

    /** A record that is no plan leaves the plan of its name as it was. */
    void read(ConsumerRecord<byte @Nullable [], byte @Nullable []> record) {
        try {
            read(name(record.key()), record.value(), record.offset() + 1);
        } catch (IllegalArgumentException e) {
            malformed.increment();
            LOG.warn(
                    "Skipped a record of topic {} that is no capture plan: offset={} key={}: {}",
                    record.topic(),
                    record.offset(),
                    record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8),
                    e.getMessage());
        }
    }

    private void read(String name, byte @Nullable [] value, long version) {
        if (value == null) {
            plans.remove(name);
        } else {
            plans.put(name, new StoredPlan(name, version, CapturePlan.parse(value)));
        }
    }

    private static String name(byte @Nullable [] key) {
        if (key == null) {
            throw new IllegalArgumentException("it has no key, which is the name");
        }
        return PlanNames.checked(new String(key, StandardCharsets.UTF_8));
    }
}
