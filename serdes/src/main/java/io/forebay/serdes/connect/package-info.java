/**
 * Avro in Kafka Connect: a converter with the options of {@link io.forebay.serdes.AvroSerdeConfig}.
 *
 * <pre>
 * value.converter=io.forebay.serdes.connect.AvroConverter
 * value.converter.schema.registry.url=http://localhost:8081
 * </pre>
 *
 * <p>The only part of this module that needs Kafka's {@code connect-api}, which a Connect worker provides.
 *
 * <p><b>Hot path.</b> {@code toConnectData} reads a generic record and copies it into a {@code Struct};
 * {@code fromConnectData} goes the other way. Translated schemas are kept, up to a bound.
 *
 * <p><b>Threads.</b> A converter may be shared.
 *
 * <p><b>Failure.</b> A record that cannot be translated is a {@code DataException}, so that {@code errors.tolerance} and
 * the dead letter queue apply to it; a registry that cannot be reached is a {@code RetriableException}, so that they do
 * not and {@code errors.retry.timeout} does.
 */
@NullMarked
package io.forebay.serdes.connect;

import org.jspecify.annotations.NullMarked;
