package io.forebay.processor.plan;

import org.jspecify.annotations.Nullable;

/** Who is told of a plan, and of each change of it. */
@FunctionalInterface
public interface PlanListener {

    /**
     * This is the plan from now on. Called on the thread that reads the topic, never twice at a time: must not block. What it
     * throws is logged, and it is not told of that version again.
     *
     * @param plan the plan, or null if there is none (any more)
     */
    void onPlan(@Nullable StoredPlan plan);
}
