package io.forebay.serdes.registry;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;

/** A schema through its life. */
final class OrderVersions {
    private OrderVersions() {}

    static Schema version1() {
        return SchemaBuilder.record("shop.Order")
                .fields()
                .requiredString("id")
                .requiredInt("amount")
                .name("legacy")
                .type()
                .stringType()
                .stringDefault("none")
                .endRecord();
    }

    /** Adds {@code note}, removes {@code legacy}. */
    static Schema version2() {
        return SchemaBuilder.record("shop.Order")
                .fields()
                .requiredString("id")
                .requiredInt("amount")
                .name("note")
                .type()
                .stringType()
                .stringDefault("-")
                .endRecord();
    }

    /** Renames {@code amount} and widens it, removes {@code legacy}. */
    static Schema version3() {
        return SchemaBuilder.record("shop.Order")
                .fields()
                .requiredString("id")
                .name("quantity")
                .aliases("amount")
                .type()
                .longType()
                .noDefault()
                .endRecord();
    }

    static Schema incompatible() {
        return SchemaBuilder.record("shop.Order")
                .fields()
                .requiredLong("weight")
                .endRecord();
    }
}
