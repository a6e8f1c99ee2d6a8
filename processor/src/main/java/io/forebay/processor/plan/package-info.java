/**
 * Capture plans: small named documents in a compacted topic that say which events are captured, changed while everything
 * runs.
 *
 * <p>{@link io.forebay.processor.plan.CapturePlan} is the document, {@link io.forebay.processor.plan.CapturePlans} the topic,
 * read and written. {@link io.forebay.processor.plan.CaptureFilter} applies a plan to events, in front of an
 * {@link io.forebay.processor.EventPublisher} for instance; other agents follow a plan with a
 * {@link io.forebay.processor.plan.PlanListener} of their own. The format is described in {@code docs/capture-plan.md}.
 *
 * <p><b>Hot path.</b> {@code CaptureFilter.test}: a look-up of the type and a few comparisons, no lock and no allocation.
 *
 * <p><b>Threads.</b> One thread per {@code CapturePlans} reads the topic and calls the listeners. Changes are made by the
 * thread that asks for them, one at a time over all programs: see {@code PlanWriter}.
 *
 * <p><b>Failure.</b> Agents go on with the plan they know while the topic cannot be read, and with all events as long as they
 * know none. A document that cannot be read is skipped, logged and counted.
 */
@NullMarked
package io.forebay.processor.plan;

import org.jspecify.annotations.NullMarked;
