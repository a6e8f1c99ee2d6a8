package io.forebay.store;

import java.util.HexFormat;

/** The types an index can have, and what queries may ask for. */
enum ValueType {
    STRING(String.class),
    LONG(Long.class),
    BYTES(byte[].class);

    private final Class<?> javaType;

    ValueType(Class<?> javaType) {
        this.javaType = javaType;
    }

    /**
     * The type of a value.
     *
     * @throws IllegalArgumentException if no index has values of its class
     */
    static ValueType of(Object value) {
        for (ValueType type : values()) {
            if (type.accepts(value)) {
                return type;
            }
        }
        throw new IllegalArgumentException("no index has values like the "
                + value.getClass().getSimpleName() + " '" + value + "'; they are String, Long or byte[]");
    }

    /**
     * Reads a value from text.
     *
     * @throws IllegalArgumentException if the text is no value of this type
     */
    Object parse(String text) {
        return switch (this) {
            case STRING -> text;
            case LONG -> parseLong(text);
            case BYTES -> HexFormat.of().parseHex(text);
        };
    }

    private static Long parseLong(String text) {
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a whole number", e);
        }
    }

    boolean accepts(Object value) {
        return javaType.isInstance(value);
    }
}
