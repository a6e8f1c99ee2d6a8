/**
 * The Kafka Connect sink: the same buffers as in Kafka Streams, in front of a database.
 *
 * <p>So far there is the part that decides which offsets may be committed, {@link io.forebay.connect.WrittenOffsets}.
 */
@NullMarked
package io.forebay.connect;

import org.jspecify.annotations.NullMarked;
