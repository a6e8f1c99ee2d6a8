package io.forebay.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One thing that can be done to a store of samples, and to the model of it; both must give the same answer.
 *
 * @param id of what it changes; null if that may be any
 */
record SampleChange(
        @Nullable String id, Function<EventStore<Sample>, Object> toStore, Function<SampleModel, Object> toModel) {

    private static final String DONE = "done";

    static SampleChange put(Sample sample) {
        return new SampleChange(sample.id(), store -> store.put(sample), model -> model.put(sample));
    }

    static SampleChange delete(String id) {
        return new SampleChange(
                id,
                store -> {
                    store.delete(id);
                    return DONE;
                },
                model -> {
                    model.delete(id);
                    return DONE;
                });
    }

    static SampleChange deleteBefore(long cutoffNanos) {
        return new SampleChange(
                null,
                store -> store.deleteBefore(Timestamps.toInstant(cutoffNanos)),
                model -> model.deleteBefore(cutoffNanos));
    }

    void applyTo(EventStore<Sample> store, SampleModel model) {
        assertThat(toStore.apply(store)).as("the answer to a change").isEqualTo(toModel.apply(model));
    }
}
