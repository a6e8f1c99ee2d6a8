package io.forebay.processor.plan;

import org.jspecify.annotations.Nullable;

/** A plan has been changed by somebody else; nothing was written. */
public final class PlanConflictException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final @Nullable Long version;

    PlanConflictException(String name, long expectedVersion, @Nullable Long version) {
        super("capture plan '" + name + "' " + (version == null ? "is not there" : "has version " + version)
                + ", and was" + " expected " + expectation(expectedVersion) + ": read it again and repeat the change");
        this.version = version;
    }

    private static String expectation(long version) {
        if (version == CapturePlans.NONE) {
            return "not to be there";
        }
        return version == CapturePlans.ANY ? "to be there" : "to have version " + version;
    }

    /** The version the plan has, or null if there is none. */
    public @Nullable Long version() {
        return version;
    }
}
