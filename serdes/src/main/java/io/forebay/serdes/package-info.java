/**
 * Avro on the wire: serdes for Kafka Streams, the Kafka clients and Kafka Connect, with or without a schema registry.
 *
 * <ul>
 *   <li>{@link io.forebay.serdes.AvroSerdes} makes serdes in code; {@link io.forebay.serdes.AvroSerde},
 *       {@link io.forebay.serdes.AvroSerializer} and {@link io.forebay.serdes.AvroDeserializer} are named in
 *       configurations, with the options of {@link io.forebay.serdes.AvroSerdeConfig};
 *   <li>{@link io.forebay.serdes.Events} helps to build trace events, {@link io.forebay.serdes.EventJson} shows them to
 *       humans, {@link io.forebay.serdes.AvroJson} does so with any record;
 *   <li>schemas come from {@link io.forebay.serdes.registry} or {@link io.forebay.serdes.catalog}.
 * </ul>
 *
 * <p><b>How it works.</b> A serde is a data model (generated, generic or reflected classes) and a framing (what stands
 * before the record and leads to its schema). Each thread has a writer and a reader of its own, which remember what they
 * found out about each topic and schema; only what they have not seen yet goes to the framing, and from there perhaps to
 * the network.
 *
 * <p><b>Hot path.</b> Writing allocates the resulting array and what Avro boxes; reading allocates the record. No locks, no
 * network, no reflection for generated classes.
 *
 * <p><b>Threads.</b> A serde may be shared by any number of threads.
 *
 * <p><b>Failure.</b> Whatever is wrong with the bytes or the schema comes out as a
 * {@link org.apache.kafka.common.errors.SerializationException} that names the topic, the schema and the reason, before
 * memory is allocated for it. An interrupt comes out as {@link org.apache.kafka.common.errors.InterruptException}.
 * Options that contradict each other are refused when the serde is made.
 */
@NullMarked
package io.forebay.serdes;

import org.jspecify.annotations.NullMarked;
