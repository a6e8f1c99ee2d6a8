package io.forebay.serdes.connect;

/**
 * What corresponds between Avro and Connect.
 *
 * <table>
 * <caption>Types</caption>
 * <tr><th>Avro</th><th>Connect</th></tr>
 * <tr><td>record</td><td>struct of that name</td></tr>
 * <tr><td>union of null and T</td><td>optional T</td></tr>
 * <tr><td>any other union</td><td>struct named {@link #UNION} with an optional field for each branch</td></tr>
 * <tr><td>int, long, float, double, boolean, string, bytes</td><td>int32, int64, float32, float64, …</td></tr>
 * <tr><td>int with {@link #TYPE}</td><td>int8, int16</td></tr>
 * <tr><td>enum, fixed</td><td>string, bytes</td></tr>
 * <tr><td>array, map</td><td>array, map with string keys</td></tr>
 * <tr><td>array of {@link #ENTRY} records</td><td>map with other keys</td></tr>
 * <tr><td>date, time-millis, timestamp-millis, decimal on bytes</td><td>Date, Time, Timestamp, Decimal</td></tr>
 * <tr><td>every other logical type</td><td>the raw value; parameter {@link #LOGICAL_TYPE} names the type</td></tr>
 * </table>
 *
 * <p>What Connect knows of a type and Avro has no place for travels in the properties named here.
 */
final class Mapping {
    /** Property: the Connect type of an int that is narrower. */
    static final String TYPE = "connect.type";

    /** Property: the name of a type that has none in Avro. */
    static final String NAME = "connect.name";

    /** Property: a schema's version. */
    static final String VERSION = "connect.version";

    /** Property: a schema's parameters, an object of texts. */
    static final String PARAMETERS = "connect.parameters";

    /** Parameter of a Connect schema: an Avro logical type that Connect does not have. */
    static final String LOGICAL_TYPE = "avro.logicalType";

    /** Parameter of a Connect decimal: its precision, which Connect does not limit. */
    static final String PRECISION = "connect.decimal.precision";

    /** The precision of a decimal that has no such parameter. */
    static final int DEFAULT_PRECISION = 64;

    /** Name of a struct that stands for a union. */
    static final String UNION = "io.forebay.serdes.connect.Union";

    /** Name of a record that stands for an entry of a map whose keys are not strings. */
    static final String ENTRY = "io.forebay.serdes.connect.Entry";

    /** Name of a record made from a struct without a name. */
    static final String UNNAMED = "io.forebay.serdes.connect.Unnamed";

    private Mapping() {}
}
