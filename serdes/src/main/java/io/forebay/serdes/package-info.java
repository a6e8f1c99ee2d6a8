/**
 * Avro on the wire: serdes for Kafka Streams, the Kafka clients and Kafka Connect, with or without a schema registry.
 *
 * <p>{@link io.forebay.serdes.AvroSerdes} is the front door. {@link io.forebay.serdes.EventJson} shows events to humans.
 *
 * <p><b>Threads.</b> A serde may be shared by any number of threads.
 *
 * <p><b>Failure.</b> Whatever is wrong with the bytes or the schema comes out as a
 * {@link org.apache.kafka.common.errors.SerializationException} that names the topic and the reason.
 */
@NullMarked
package io.forebay.serdes;

import org.jspecify.annotations.NullMarked;
