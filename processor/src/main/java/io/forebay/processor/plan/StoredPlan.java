package io.forebay.processor.plan;

/**
 * A plan as it stands in the topic.
 *
 * @param name what it is called
 * @param version its place in the topic, from 1: grows with each change, has gaps, and never comes back, not even after a
 *     deletion
 * @param plan the document
 */
public record StoredPlan(String name, long version, CapturePlan plan) {}
