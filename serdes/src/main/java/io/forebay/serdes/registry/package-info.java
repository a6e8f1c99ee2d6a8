/**
 * A client of schema registries that speak Confluent's REST interface: Confluent's own, Apicurio
 * ({@code /apis/ccompat/v7}), Karapace, Redpanda.
 *
 * <pre>{@code
 * SchemaRegistry registry = SchemaRegistryClient.builder("https://one:8081", "https://two:8081")
 *         .basicAuth("user", "password")
 *         .build();
 * Serde<Event> serde = AvroSerdes.specific(Event.class).registry(registry).build();
 * }</pre>
 *
 * <p><b>Hot path.</b> None: serdes ask once per schema, topic and thread, and what was answered once is kept in both
 * directions, up to a bound. A registry that is down stops only who needs a schema it has not seen before.
 *
 * <p><b>Threads.</b> Everything here is thread-safe. Calls block; an interrupt ends them with Kafka's
 * {@code InterruptException}.
 *
 * <p><b>Failure.</b> Connection errors, time-outs and answers 408, 429 and 5xx are tried at the next URL, then again
 * with growing pauses, and end as {@link io.forebay.serdes.registry.RegistryUnavailableException}. Every other answer
 * is final and has a type of its own under {@link io.forebay.serdes.registry.SchemaRegistryException}, with the
 * registry's message.
 */
@NullMarked
package io.forebay.serdes.registry;

import org.jspecify.annotations.NullMarked;
