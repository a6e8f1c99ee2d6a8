package io.forebay.processor.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** A buffer as it is often written: offsets of what it holds are committed before it is flushed. */
final class ForgetfulBuffer implements Processor<String, String, String, String> {

    private final List<Record<String, String>> buffer = new ArrayList<>();
    private @Nullable ProcessorContext<String, String> context;

    @Override
    public void init(ProcessorContext<String, String> newContext) {
        context = newContext;
        newContext.schedule(Step.LONGER_THAN_A_COMMIT, PunctuationType.WALL_CLOCK_TIME, timestamp -> flush());
    }

    @Override
    public void process(Record<String, String> record) {
        buffer.add(record);
    }

    private void flush() {
        buffer.forEach(record -> Objects.requireNonNull(context).forward(record));
        buffer.clear();
    }
}
