package io.forebay.serdes;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.serdes.catalog.SchemaCatalog;
import io.forebay.serdes.event.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaNormalization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keeps the event readable in both directions, from every released version to the one in the tree. */
class EventEvolutionTest {
    private static final Path HISTORY = Path.of("src/main/avro/history");

    static Stream<Path> released() throws IOException {
        try (Stream<Path> files = Files.list(HISTORY)) {
            return List.copyOf(files.filter(file -> file.toString().endsWith(".avsc"))
                            .sorted()
                            .toList())
                    .stream();
        }
    }

    @Test
    void thereIsAHistory() throws IOException {
        assertThat(released()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("released")
    void thisVersionReadsAndIsReadByEveryRelease(Path file) {
        Schema release = parse(file);
        assertCompatible("this version cannot read " + file, Event.getClassSchema(), release);
        assertCompatible(file + " cannot read this version", release, Event.getClassSchema());
    }

    private static void assertCompatible(String what, Schema reader, Schema writer) {
        var result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
        assertThat(result.getType())
                .as("%s: %s", what, result.getResult().getIncompatibilities())
                .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
    }

    @ParameterizedTest
    @MethodSource("released")
    void everyReleaseTravelsOnTheClassPath(Path file) {
        long fingerprint = SchemaNormalization.parsingFingerprint64(parse(file));
        assertThat(SchemaCatalog.classPath(Event.class.getClassLoader()).findByFingerprint(fingerprint))
                .isNotNull();
    }

    @Test
    void everyFieldSaysWhatItMeansAndWhichIndexUsesIt() {
        assertThat(Event.getClassSchema().getFields())
                .allSatisfy(field -> assertThat(field.doc()).containsIgnoringCase("index"));
    }

    @Test
    void fieldsAddedSinceTheFirstReleaseHaveDefaults() throws IOException {
        Schema first = parse(released().findFirst().orElseThrow());
        assertThat(Event.getClassSchema().getFields())
                .filteredOn(field -> first.getField(field.name()) == null)
                .allMatch(Schema.Field::hasDefaultValue);
    }

    private static Schema parse(Path file) {
        try {
            return new Schema.Parser().parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
