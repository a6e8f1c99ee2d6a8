package io.forebay.serdes;

import java.io.EOFException;
import java.io.IOException;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.ResolvingDecoder;

/**
 * Reads generic records of schemas that {@link SchemaBounds} does not call tame: counts records and their fields against
 * a budget that follows from the size of the record, and looks at what is left before it allocates a fixed.
 *
 * <p>Avro's reader, with a count in between, and so slower than the one for all other schemas. Confined to one thread.
 */
final class CountingReader extends GenericDatumReader<Object> {
    private static final GenericData DATA = new GenericData().setFastReaderEnabled(false); // it cannot be counted

    private long slotsLeft;

    CountingReader(Schema schema) {
        super(schema, schema, DATA);
    }

    @Override
    public Object read(Object reuse, Decoder in) throws IOException {
        slotsLeft = (long) SchemaBounds.SLOTS_PER_BYTE * in.remainingBytes() + ArrayDecoder.FREE_ITEMS;
        return super.read(reuse, in);
    }

    @Override
    protected Object readRecord(Object old, Schema expected, ResolvingDecoder in) throws IOException {
        slotsLeft -= 1 + expected.getFields().size();
        if (slotsLeft < 0) {
            throw new AvroRuntimeException(
                    "holds more records and fields, many of them without a byte, than a record of"
                            + " its size may: the last one is a " + expected.getFullName());
        }
        return super.readRecord(old, expected, in);
    }

    @Override
    protected Object readFixed(Object old, Schema expected, Decoder in) throws IOException {
        int length = expected.getFixedSize();
        if (length > in.remainingBytes()) {
            throw new EOFException("fixed " + expected.getFullName() + " of " + length + " bytes, but only "
                    + in.remainingBytes() + " are left");
        }
        return super.readFixed(old, expected, in);
    }
}
