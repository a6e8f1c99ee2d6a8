package io.forebay.serdes;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.avro.util.ClassSecurityValidator.ClassSecurityPredicate;

/**
 * Tells Avro that the classes which the program itself asked for may be instantiated.
 *
 * <p>Avro (from 1.12.2) loads a class named by a schema only if a global predicate trusts it, because a schema may come
 * from a stranger. A <em>reader's</em> schema does not: it is compiled into the class that the program handed to
 * {@link AvroSerdes}. So exactly the classes reachable from that schema are added, and whatever predicate was there
 * before goes on being asked for all others. A writer's schema, which does come from strangers, never adds anything.
 */
final class TrustedClasses implements ClassSecurityPredicate {
    private static final Set<String> NAMES = ConcurrentHashMap.newKeySet();

    private final ClassSecurityPredicate others;

    private TrustedClasses(ClassSecurityPredicate others) {
        this.others = others;
    }

    /** Trusts every class that {@code readerSchema} names. Idempotent; any thread. */
    static void trust(Schema readerSchema) {
        collect(readerSchema, ConcurrentHashMap.newKeySet());
        install();
    }

    private static synchronized void install() {
        ClassSecurityPredicate current = ClassSecurityValidator.getGlobal();
        if (!(current instanceof TrustedClasses)) {
            ClassSecurityValidator.setGlobal(new TrustedClasses(current));
        }
    }

    private static void collect(Schema schema, Set<String> seen) {
        addProperty(schema, SpecificData.CLASS_PROP);
        addProperty(schema, SpecificData.KEY_CLASS_PROP);
        addProperty(schema, SpecificData.ELEMENT_PROP);
        switch (schema.getType()) {
            case RECORD -> {
                if (seen.add(schema.getFullName())) {
                    NAMES.add(canonical(SpecificData.getClassName(schema)));
                    schema.getFields().forEach(field -> collect(field.schema(), seen));
                }
            }
            case ENUM, FIXED -> NAMES.add(canonical(SpecificData.getClassName(schema)));
            case ARRAY -> collect(schema.getElementType(), seen);
            case MAP -> collect(schema.getValueType(), seen);
            case UNION -> schema.getTypes().forEach(branch -> collect(branch, seen));
            default -> {
                // Primitive types name no class.
            }
        }
    }

    private static void addProperty(Schema schema, String property) {
        String name = schema.getProp(property);
        if (name != null) {
            NAMES.add(canonical(name));
        }
    }

    /** Avro writes a nested class now with a dollar sign, now with a dot; both mean the same class. */
    private static String canonical(String className) {
        return className.replace('$', '.');
    }

    @Override
    public boolean isTrusted(Class<?> type) {
        return NAMES.contains(canonical(type.getName())) || others.isTrusted(type);
    }

    @Override
    public void forbiddenClass(String className) {
        others.forbiddenClass(className);
    }
}
