package io.forebay.serdes.registry;

/**
 * Where a named type is defined that a schema uses.
 *
 * @param name the full name of the type
 * @param subject the subject that defines it
 * @param version which version of that subject
 */
public record SchemaReference(String name, String subject, int version) {
    public SchemaReference {
        if (name.isBlank() || subject.isBlank() || version < 1) {
            throw new IllegalArgumentException(
                    "a schema reference needs a name, a subject and a version from 1, not name=" + name + " subject="
                            + subject + " version=" + version);
        }
    }
}
