package io.forebay.serdes.internal;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.apache.avro.AvroTypeException;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Resolver;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a value from being read in another meaning than it was written in.
 *
 * <p>Avro resolves a writer's schema into a reader's by physical types alone, and its compatibility check and its
 * fingerprints do the same: what was written as {@code timestamp-micros} is read as {@code timestamp-nanos}, and is then
 * wrong by a factor of a thousand. This check follows the same resolution (Avro's own, so that aliases and unions are
 * matched alike) and compares the logical types of every pair that it matches.
 *
 * <p>A pair is fine if both have the same logical type, or none. A decimal may be read with more digits, but not fewer,
 * and not with another scale. Text may be read as a UUID, and the other way round: that is the same text, and what is not
 * a UUID is refused when it is read. Logical types that Avro does not know count as none, as Avro demands.
 *
 * <p>Linear in the size of the schemas. Stateless, thread-safe.
 */
public final class LogicalTypeCheck {
    private LogicalTypeCheck() {}

    /**
     * Checks that {@code reader} gives every value of {@code writer} the meaning it had. What cannot be resolved at all is
     * left to Avro to complain about.
     *
     * @throws AvroTypeException if it does not; names the field and both types
     */
    public static void requireReadable(Schema reader, Schema writer) {
        new Walk().visit(Resolver.resolve(writer, reader, GenericData.get()), "the value");
    }

    /**
     * Checks that two schemas of one fingerprint mean the same.
     *
     * @param fingerprint what both share
     * @throws AvroTypeException if they do not; names the field and both types
     */
    public static void requireSameMeaning(long fingerprint, Schema known, Schema other) {
        if (known.equals(other)) {
            return;
        }
        try {
            requireReadable(other, known);
            requireReadable(known, other);
        } catch (AvroTypeException e) {
            throw new AvroTypeException(
                    String.format(
                            "two schemas have the fingerprint 0x%016x, which leaves logical types out, but do not mean the"
                                    + " same: %s; give the field another name, or a registry to the serde",
                            fingerprint, e.getMessage()),
                    e);
        }
    }

    /** One comparison; remembers the records it has been in, which may contain themselves. */
    private static final class Walk {
        private final Set<Resolver.Action> seen = Collections.newSetFromMap(new IdentityHashMap<>());

        void visit(Resolver.Action action, String where) {
            if (action instanceof Resolver.ErrorAction || action instanceof Resolver.Skip) {
                return; // nothing is read
            }
            if (action instanceof Resolver.WriterUnion union) {
                for (Resolver.Action branch : union.actions) {
                    visit(branch, where);
                }
            } else if (action instanceof Resolver.ReaderUnion union) {
                visit(union.actualAction, where);
            } else {
                compare(action.writer, action.reader, where);
                if (action instanceof Resolver.Container container) {
                    visit(container.elementAction, where);
                } else if (action instanceof Resolver.RecordAdjust record && seen.add(record)) {
                    visitFields(record);
                }
            }
        }

        /** The fields that are read come first in the reader's order, in the order in which the writer has them. */
        private void visitFields(Resolver.RecordAdjust record) {
            int next = 0;
            for (Resolver.Action action : record.fieldActions) {
                if (!(action instanceof Resolver.Skip)) {
                    String name = record.readerOrder[next++].name();
                    visit(action, "field " + record.reader.getFullName() + "." + name);
                }
            }
        }
    }

    private static void compare(Schema writer, Schema reader, String where) {
        LogicalType written = writer.getLogicalType();
        LogicalType read = reader.getLogicalType();
        if (!keepsMeaning(written, read)) {
            throw new AvroTypeException(where + " was written as " + describe(writer) + " and cannot be read as "
                    + describe(reader) + ": the value would mean something else");
        }
    }

    private static boolean keepsMeaning(@Nullable LogicalType written, @Nullable LogicalType read) {
        if (isText(written) && isText(read)) {
            return true;
        }
        if (written instanceof LogicalTypes.Decimal from && read instanceof LogicalTypes.Decimal to) {
            return from.getScale() == to.getScale() && from.getPrecision() <= to.getPrecision();
        }
        return written != null && read != null && written.getName().equals(read.getName());
    }

    private static boolean isText(@Nullable LogicalType type) {
        return type == null || type instanceof LogicalTypes.Uuid;
    }

    private static String describe(Schema schema) {
        String type = schema.getType().getName();
        LogicalType logical = schema.getLogicalType();
        if (logical instanceof LogicalTypes.Decimal decimal) {
            return type + " decimal(" + decimal.getPrecision() + "," + decimal.getScale() + ")";
        }
        return logical == null ? type : type + " " + logical.getName();
    }
}
