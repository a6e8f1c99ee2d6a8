package io.forebay.serdes.registry;

import org.apache.avro.Schema;

/**
 * One version of a subject.
 *
 * @param subject under which it is registered
 * @param version from 1, within the subject
 * @param id unique within the registry; what the wire format carries
 * @param schema complete with the types it references
 */
public record RegisteredSchema(String subject, int version, int id, Schema schema) {}
