package io.forebay.serdes.catalog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/** Finds the schema files that jars and directories of the class path bring along. */
final class ClassPathSchemas {
    static final String DIRECTORY = "META-INF/forebay/schemas/";

    private static final String SUFFIX = ".avsc";

    private ClassPathSchemas() {}

    static List<Schema> load(ClassLoader loader) {
        try {
            List<Schema> schemas = new ArrayList<>();
            for (URL directory : Collections.list(loader.getResources(DIRECTORY))) {
                schemas.addAll(load(directory));
            }
            return schemas;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + DIRECTORY + " of the class path", e);
        }
    }

    private static List<Schema> load(URL directory) throws IOException {
        URLConnection connection = directory.openConnection();
        if (connection instanceof JarURLConnection jar) {
            return fromJar(jar);
        }
        if (directory.getProtocol().equals("file")) {
            return fromDirectory(toPath(directory));
        }
        return List.of(); // other class loaders cannot list a directory
    }

    private static List<Schema> fromJar(JarURLConnection connection) throws IOException {
        connection.setUseCaches(false); // the jar is ours to close
        List<Schema> schemas = new ArrayList<>();
        try (JarFile jar = connection.getJarFile()) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                if (entry.getName().startsWith(DIRECTORY) && entry.getName().endsWith(SUFFIX)) {
                    byte[] text = jar.getInputStream(entry).readAllBytes();
                    schemas.add(parse(text, jar.getName() + "!/" + entry.getName()));
                }
            }
        }
        return schemas;
    }

    private static List<Schema> fromDirectory(Path directory) throws IOException {
        List<Schema> schemas = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file :
                    (Iterable<Path>) files.filter(path -> path.toString().endsWith(SUFFIX))::iterator) {
                schemas.add(parse(Files.readAllBytes(file), file.toString()));
            }
        }
        return schemas;
    }

    private static Schema parse(byte[] text, String where) {
        try {
            return new Schema.Parser().parse(new String(text, StandardCharsets.UTF_8));
        } catch (AvroRuntimeException e) {
            throw new IllegalStateException("not an Avro schema: " + where + ": " + e.getMessage(), e);
        }
    }

    private static Path toPath(URL directory) {
        try {
            return Path.of(new URI(directory.toString()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException("not a path: " + directory, e);
        }
    }
}
