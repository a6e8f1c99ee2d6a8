/**
 * Where programs without a schema registry find each other's schemas.
 *
 * <p>A {@link io.forebay.serdes.catalog.SchemaCatalog} maps the fingerprint that Avro's single-object encoding puts
 * before each record to the schema it was written with. The default catalog holds the schemas that the class path
 * brings along; {@link io.forebay.serdes.catalog.TopicCatalog} shares them through a compacted Kafka topic as well.
 *
 * <p><b>Hot path.</b> None: serdes ask once per schema and thread.
 *
 * <p><b>Threads.</b> Catalogs are thread-safe; asking one may block on the network.
 *
 * <p><b>Failure.</b> An unknown fingerprint is an answer, {@code null}. A catalog that cannot be reached throws the
 * exception of whatever it is made of; the serde wraps it in a {@code SerializationException}.
 */
@NullMarked
package io.forebay.serdes.catalog;

import org.jspecify.annotations.NullMarked;
