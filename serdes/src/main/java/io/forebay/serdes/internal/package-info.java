/**
 * What the serdes and their catalogs share, and nobody else needs to know.
 *
 * <p><b>Hot path.</b> None: schemas are compared when they are met for the first time. <b>Threads.</b> Stateless.
 * <b>Failure.</b> Avro's exceptions, which serdes turn into {@code SerializationException}s.
 */
@NullMarked
package io.forebay.serdes.internal;

import org.jspecify.annotations.NullMarked;
