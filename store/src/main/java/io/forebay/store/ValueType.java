package io.forebay.store;

/** The types an index can have, and what queries may ask for. */
enum ValueType {
    STRING(String.class),
    LONG(Long.class),
    BYTES(byte[].class);

    private final Class<?> javaType;

    ValueType(Class<?> javaType) {
        this.javaType = javaType;
    }

    boolean accepts(Object value) {
        return javaType.isInstance(value);
    }
}
