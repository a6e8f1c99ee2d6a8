package io.forebay.serdes;

import io.forebay.serdes.registry.RegisteredSchema;
import io.forebay.serdes.registry.SchemaReference;
import io.forebay.serdes.registry.SchemaRegistry;
import io.forebay.serdes.registry.UnknownSchemaException;
import io.forebay.serdes.registry.UnknownSubjectException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;

/** A registry in a map, for tests that are not about the network. Counts what it was asked. */
public final class InMemoryRegistry implements SchemaRegistry {
    private final List<Schema> schemas = new ArrayList<>();
    private final Map<String, List<Integer>> subjects = new ConcurrentHashMap<>();
    private int asked;

    @Override
    public synchronized int register(String subject, Schema schema, List<SchemaReference> references) {
        asked++;
        if (!schemas.contains(schema)) {
            schemas.add(schema);
        }
        int id = schemas.indexOf(schema) + 1;
        List<Integer> versions = subjects.computeIfAbsent(subject, key -> new ArrayList<>());
        if (!versions.contains(id)) {
            versions.add(id);
        }
        return id;
    }

    @Override
    public synchronized int idOf(String subject, Schema schema) {
        asked++;
        int id = schemas.indexOf(schema) + 1;
        if (!versions(subject).contains(id)) {
            throw new UnknownSchemaException("no such schema in subject=" + subject, null);
        }
        return id;
    }

    @Override
    public synchronized Schema schema(int id) {
        asked++;
        if (id < 1 || id > schemas.size()) {
            throw new UnknownSchemaException("no schema id=" + id, null);
        }
        return schemas.get(id - 1);
    }

    @Override
    public synchronized RegisteredSchema latest(String subject) {
        asked++;
        List<Integer> versions = versions(subject);
        int id = versions.get(versions.size() - 1);
        return new RegisteredSchema(subject, versions.size(), id, schemas.get(id - 1));
    }

    /** How often this was asked. */
    public synchronized int asked() {
        return asked;
    }

    /** The subjects that have a version. */
    public java.util.Set<String> subjects() {
        return subjects.keySet();
    }

    private List<Integer> versions(String subject) {
        List<Integer> versions = subjects.get(subject);
        if (versions == null) {
            throw new UnknownSubjectException("no subject " + subject, null);
        }
        return versions;
    }
}
