package io.forebay.serdes;

import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;

/** What a generated class looks like whose dependencies are missing at run time. */
public final class BrokenRecord extends SpecificRecordBase {
    private static final long serialVersionUID = 1L;
    public static final Schema SCHEMA$ = load();

    private static Schema load() {
        throw new NoClassDefFoundError("a/part/of/BrokenRecord");
    }

    @Override
    public Schema getSchema() {
        return SCHEMA$;
    }

    @Override
    public Object get(int field) {
        throw new IndexOutOfBoundsException(field);
    }

    @Override
    public void put(int field, Object value) {
        throw new IndexOutOfBoundsException(field);
    }
}
