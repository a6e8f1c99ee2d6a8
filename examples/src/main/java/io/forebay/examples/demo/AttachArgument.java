package io.forebay.examples.demo;

import io.forebay.examples.jfr.JvmAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the address of a JVM: {@code HOST:JMXPORT}. */
public final class AttachArgument implements ITypeConverter<JvmAddress> {

    @Override
    public JvmAddress convert(String text) {
        try {
            return JvmAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
