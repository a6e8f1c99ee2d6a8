/**
 * The trace event, generated from {@code src/main/avro/Event.avsc}.
 *
 * <p>{@link io.forebay.serdes.event.Event} is plain Avro output: mutable, not thread-safe once shared, compared by
 * value. Getters of fields with a null default ({@code process}, {@code module}, {@code function}, {@code correlation},
 * {@code durationNanos}) return null when absent, so the package is deliberately not null-marked: a null checker cannot
 * know which ones. All other fields are required; the builder refuses an event without them.
 *
 * <p>How the schema may change is written in {@code docs/evolution.md}; the build checks it against every released
 * version.
 */
@NullUnmarked
package io.forebay.serdes.event;

import org.jspecify.annotations.NullUnmarked;
