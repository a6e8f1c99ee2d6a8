package io.forebay.serdes;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.avro.AvroTypeException;
import org.apache.avro.Schema;

/**
 * Looks at a stranger's schema before anything is made of it. Records can be nested so that few lines of schema stand for
 * any number of objects, and fields can take no bytes, so that few bytes of a record do.
 *
 * <p>For each record type there are its <em>slots</em> (itself, its fields, and the slots of records directly inside) and
 * the fewest bytes it can take. What is behind an array, a map or a union costs a byte of its own and is looked at by
 * itself. Then
 *
 * <ul>
 *   <li>more than {@value #MAX_SLOTS} slots are refused: Avro would unfold them all to make a reader,
 *   <li>more than {@value #MAX_FREE_SLOTS} slots beyond {@value #SLOTS_PER_BYTE} per byte are refused: just to skip such
 *       a field would take for ever,
 *   <li>anything beyond what sound schemas have (see {@link #isTame}) has to be counted while it is read.
 * </ul>
 *
 * <p>Linear in the size of the schema, as each record type is looked at once. Confined to one thread.
 */
final class SchemaBounds {
    static final int MAX_SLOTS = 1_000_000;
    static final int MAX_FREE_SLOTS = 1_000;
    static final int SLOTS_PER_BYTE = 8;

    /** A fixed of this size may be allocated before it is known whether the record has as many bytes. */
    private static final int SMALL_FIXED_BYTES = 1 << 16;

    private record Extent(long slots, long bytes) {
        static final Extent ENDLESS = new Extent(Integer.MAX_VALUE, 0);

        long free() {
            return slots - SLOTS_PER_BYTE * bytes;
        }
    }

    private final Map<Schema, Extent> records = new IdentityHashMap<>();
    private final Set<Schema> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean tame = true;

    private SchemaBounds() {}

    /**
     * Checks a writer's schema.
     *
     * @throws AvroTypeException if nothing sensible can be read with it; names the record type
     */
    static SchemaBounds of(Schema schema) {
        SchemaBounds bounds = new SchemaBounds();
        bounds.visit(schema);
        return bounds;
    }

    /** Whether what is read with this schema takes memory in proportion to its bytes, without a need to count. */
    boolean isTame() {
        return tame;
    }

    private void visit(Schema schema) {
        switch (schema.getType()) {
            case RECORD -> {
                if (seen.add(schema)) {
                    check(schema, extent(schema));
                    schema.getFields().forEach(field -> visit(field.schema()));
                }
            }
            case ARRAY -> visit(schema.getElementType());
            case MAP -> visit(schema.getValueType());
            case UNION -> schema.getTypes().forEach(this::visit);
            case FIXED -> tame &= schema.getFixedSize() <= SMALL_FIXED_BYTES;
            default -> {
                // Everything else takes bytes, and is not larger than these.
            }
        }
    }

    private void check(Schema schema, Extent extent) {
        if (extent.slots > MAX_SLOTS || extent.free() > MAX_FREE_SLOTS) {
            throw new AvroTypeException("the schema of " + schema.getFullName() + " unfolds to "
                    + (extent.slots > MAX_SLOTS ? "more than " + MAX_SLOTS : extent.slots)
                    + " fields and records in at least " + extent.bytes + " bytes: refused as hostile");
        }
        tame &= extent.free() <= 1; // one: the empty record
    }

    private Extent extent(Schema schema) {
        return switch (schema.getType()) {
            case RECORD -> recordExtent(schema);
            case NULL -> new Extent(0, 0);
            case FIXED -> new Extent(0, schema.getFixedSize());
            case FLOAT -> new Extent(0, Float.BYTES);
            case DOUBLE -> new Extent(0, Double.BYTES);
            default -> new Extent(0, 1);
        };
    }

    private Extent recordExtent(Schema schema) {
        Extent known = records.get(schema);
        if (known != null) {
            return known;
        }
        records.put(schema, Extent.ENDLESS); // what a record is that has itself inside
        long slots = 1;
        long bytes = 0;
        for (Schema.Field field : schema.getFields()) {
            Extent inner = extent(field.schema());
            slots = Math.min(Integer.MAX_VALUE, slots + 1 + inner.slots);
            bytes = Math.min(Integer.MAX_VALUE, bytes + inner.bytes);
        }
        Extent extent = new Extent(slots, bytes);
        records.put(schema, extent);
        return extent;
    }
}
