package io.forebay.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** Guards the direction of dependencies: each module knows only those above it in the root pom. */
@AnalyzeClasses(packages = "io.forebay", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String BUFFER = "io.forebay.buffer..";
    private static final String SERDES = "io.forebay.serdes..";
    private static final String TESTING = "io.forebay.testing..";
    private static final String STORE = "io.forebay.store..";
    private static final String PROCESSOR = "io.forebay.processor..";
    private static final String QUERY = "io.forebay.query..";
    private static final String CONNECT = "io.forebay.connect..";
    private static final String EXAMPLES = "io.forebay.examples..";
    private static final String BENCHMARKS = "io.forebay.benchmarks..";
    private static final String STREAMS = "org.apache.kafka.streams..";
    private static final String ADAPTER = "io.forebay.store.internal.streams..";

    @ArchTest
    static final ArchRule bufferIsPureJava = classes()
            .that()
            .resideInAPackage(BUFFER)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify.annotations..", "org.slf4j..", BUFFER);

    @ArchTest
    static final ArchRule serdesKnowNoOtherModule =
            module(SERDES, BUFFER, TESTING, STORE, PROCESSOR, QUERY, CONNECT, EXAMPLES, BENCHMARKS, STREAMS);

    @ArchTest
    static final ArchRule testingKnowsNoOtherModule =
            module(TESTING, BUFFER, SERDES, STORE, PROCESSOR, QUERY, CONNECT, EXAMPLES, BENCHMARKS);

    @ArchTest
    static final ArchRule storeKnowsOnlyWhatIsAboveIt =
            module(STORE, TESTING, PROCESSOR, QUERY, CONNECT, EXAMPLES, BENCHMARKS);

    @ArchTest
    static final ArchRule processorKnowsOnlyWhatIsAboveIt =
            module(PROCESSOR, SERDES, TESTING, QUERY, CONNECT, EXAMPLES, BENCHMARKS);

    @ArchTest
    static final ArchRule queryKnowsOnlyWhatIsAboveIt =
            module(QUERY, SERDES, BUFFER, PROCESSOR, TESTING, CONNECT, EXAMPLES, BENCHMARKS);

    @ArchTest
    static final ArchRule connectSinkRunsWithoutKafkaStreams =
            module(CONNECT, SERDES, STORE, PROCESSOR, QUERY, TESTING, EXAMPLES, BENCHMARKS, STREAMS);

    @ArchTest
    static final ArchRule examplesKnowNoBenchmarks = module(EXAMPLES, BENCHMARKS);

    @ArchTest
    static final ArchRule onlyTheAdapterTouchesKafkasInternals = noClasses()
            .that()
            .resideInAnyPackage(BUFFER, SERDES, STORE, PROCESSOR, QUERY, CONNECT, EXAMPLES)
            .and()
            .resideOutsideOfPackage(ADAPTER)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..internals..");

    @ArchTest
    static final ArchRule modulesHaveNoCycles =
            slices().matching("io.forebay.(*)..").should().beFreeOfCycles();

    @Test
    void everyModuleIsLookedAt() {
        JavaClasses all = new ClassFileImporter()
                .withImportOption(new DoNotIncludeTests())
                .importPackages("io.forebay");
        for (String module :
                new String[] {"buffer", "serdes", "testing", "store", "processor", "query", "connect", "examples"}) {
            assertThat(all).as(module).anyMatch(type -> type.getPackageName().startsWith("io.forebay." + module));
        }
    }

    private static ArchRule module(String module, String... unknown) {
        return noClasses()
                .that()
                .resideInAPackage(module)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(unknown);
    }
}
