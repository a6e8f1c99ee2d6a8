package io.forebay.serdes;

import java.math.BigDecimal;
import org.apache.avro.Conversions;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericData;
import org.apache.avro.specific.SpecificData;

/**
 * Java types for logical types. Of several logical types that one Java type can stand for, the first named here is what
 * reflection takes for a field without an annotation; it is the one that loses least.
 */
final class UsualConversions {
    private UsualConversions() {}

    static <D extends GenericData> D addTo(D data) {
        data.addLogicalTypeConversion(new TimeConversions.TimestampNanosConversion());
        data.addLogicalTypeConversion(new TimeConversions.TimestampMicrosConversion());
        data.addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
        data.addLogicalTypeConversion(new TimeConversions.LocalTimestampNanosConversion());
        data.addLogicalTypeConversion(new TimeConversions.LocalTimestampMicrosConversion());
        data.addLogicalTypeConversion(new TimeConversions.LocalTimestampMillisConversion());
        data.addLogicalTypeConversion(new TimeConversions.TimeMicrosConversion());
        data.addLogicalTypeConversion(new TimeConversions.TimeMillisConversion());
        data.addLogicalTypeConversion(new TimeConversions.DateConversion());
        data.addLogicalTypeConversion(new Conversions.UUIDConversion());
        data.addLogicalTypeConversion(new AnnotatedDecimal());
        return data;
    }

    /** A decimal needs a scale, which only an annotation can tell; a BigDecimal without one stays the text it is to Avro. */
    private static final class AnnotatedDecimal extends Conversions.DecimalConversion {
        @Override
        public Schema getRecommendedSchema() {
            Schema text = Schema.create(Schema.Type.STRING);
            text.addProp(SpecificData.CLASS_PROP, BigDecimal.class.getName());
            return text;
        }
    }
}
