/**
 * Applications that lose partitions, are killed, lose their broker, or write to something that fails: afterwards what went in is
 * compared, record by record, with what came out.
 *
 * <p>{@link io.forebay.processor.faults.Step} lists the steps that go through all of this. {@link
 * io.forebay.processor.faults.Load} produces numbered records for a number of keys, of which {@link
 * io.forebay.processor.faults.Update} makes stale updates, equal ones and deletes where that matters, the {@link
 * io.forebay.processor.faults.StepsApplication} has all steps side by side behind one topic, and {@link
 * io.forebay.processor.faults.FaultsIT} does the damage.
 */
@NullMarked
package io.forebay.processor.faults;

import org.jspecify.annotations.NullMarked;
