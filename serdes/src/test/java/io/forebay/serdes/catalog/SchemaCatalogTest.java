package io.forebay.serdes.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaNormalization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaCatalogTest {
    private static final Schema A =
            SchemaBuilder.record("a.A").fields().requiredInt("i").endRecord();
    private static final Schema B =
            SchemaBuilder.record("a.B").fields().requiredInt("i").endRecord();

    @TempDir
    Path directory;

    @Test
    void theClassPathsDirectoriesAndJarsAreSearched() throws IOException {
        Path jar = directory.resolve("schemas with spaces.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (String name : new String[] {"META-INF/", "META-INF/forebay/", "META-INF/forebay/schemas/"}) {
                out.putNextEntry(new JarEntry(name));
            }
            out.putNextEntry(new JarEntry("META-INF/forebay/schemas/A.avsc"));
            out.write(A.toString().getBytes(StandardCharsets.UTF_8));
        }
        Path folder = Files.createDirectories(directory.resolve("classes/META-INF/forebay/schemas/history"));
        Files.writeString(folder.resolve("B.avsc"), B.toString());
        Files.writeString(folder.resolve("README"), "not a schema");

        try (URLClassLoader loader = loader(jar, directory.resolve("classes"))) {
            SchemaCatalog catalog = SchemaCatalog.classPath(loader);
            assertThat(catalog.findByFingerprint(fingerprint(A))).isEqualTo(A);
            assertThat(catalog.findByFingerprint(fingerprint(B))).isEqualTo(B);
            assertThat(catalog.findByFingerprint(1)).isNull();
        }
    }

    @Test
    void aFileThatIsNoSchemaIsNamed() throws IOException {
        Path folder = Files.createDirectories(directory.resolve("META-INF/forebay/schemas"));
        Files.writeString(folder.resolve("broken.avsc"), "{");
        try (URLClassLoader loader = loader(directory)) {
            SchemaCatalog catalog = SchemaCatalog.classPath(loader);
            assertThatThrownBy(() -> catalog.findByFingerprint(1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("broken.avsc");
        }
    }

    private static URLClassLoader loader(Path... paths) throws MalformedURLException {
        URL[] urls = new URL[paths.length];
        for (int i = 0; i < paths.length; i++) {
            urls[i] = paths[i].toUri().toURL();
        }
        return new URLClassLoader(urls, null);
    }

    private static long fingerprint(Schema schema) {
        return SchemaNormalization.parsingFingerprint64(schema);
    }
}
