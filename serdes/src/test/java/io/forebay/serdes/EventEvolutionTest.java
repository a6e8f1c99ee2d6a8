package io.forebay.serdes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.serdes.catalog.SchemaCatalog;
import io.forebay.serdes.event.Event;
import io.forebay.serdes.internal.LogicalTypeCheck;
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
import org.junit.jupiter.params.provider.CsvSource;
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
        assertThatCode(() -> LogicalTypeCheck.requireReadable(reader, writer))
                .as(what)
                .doesNotThrowAnyException();
    }

    /** Avro's own check calls these compatible. */
    @ParameterizedTest
    @CsvSource({
        "timestamp-nanos, timestamp-micros",
        "timestamp-nanos, local-timestamp-nanos",
        "timestamp-nanos, something-avro-does-not-know"
    })
    void aChangedLogicalTypeIsFound(String now, String next) {
        Schema changed = new Schema.Parser()
                .parse(Event.getClassSchema().toString().replace("\"" + now + "\"", "\"" + next + "\""));
        assertThat(changed).isNotEqualTo(Event.getClassSchema());
        for (Schema[] pair : new Schema[][] {{Event.getClassSchema(), changed}, {changed, Event.getClassSchema()}}) {
            assertThatThrownBy(() -> assertCompatible("a change", pair[0], pair[1]))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContainingAll("a change", "timestamp", now);
        }
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
