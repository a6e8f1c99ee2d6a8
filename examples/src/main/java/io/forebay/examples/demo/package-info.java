/**
 * {@code forebay demo}: everything of Forebay in one process, on real events. The flight recorder of a JVM is the source; its
 * events go through a publisher to Kafka, from there through a Kafka Streams application into an indexed store, and are
 * answered over HTTP.
 *
 * <p>{@link io.forebay.examples.demo.Demo} starts and stops the rooms of the house in order; each has a class of its own.
 *
 * <p><b>Failure.</b> What the user can put right is a {@link io.forebay.examples.cli.UserError}. Records that cannot be used
 * go to a dead letter topic and are counted.
 */
@NullMarked
package io.forebay.examples.demo;

import org.jspecify.annotations.NullMarked;
