package io.forebay.benchmarks.store;

import static org.apache.kafka.streams.StreamsConfig.AT_LEAST_ONCE;
import static org.apache.kafka.streams.StreamsConfig.EXACTLY_ONCE_V2;

import io.forebay.benchmarks.cases.CaseFigures;
import io.forebay.benchmarks.cases.CaseJvm;
import io.forebay.benchmarks.cases.Medians;
import io.forebay.testing.ChildKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Runs all cases in rounds, each case in a JVM of its own, next to one broker in another. A case leaves its figures under a name, for {@link
 * StoreRows} to find.
 *
 * <p>Cases that lose events of a peer are of no use: the run fails. Events that ours lose are counted.
 */
final class StoreSuite {

    /**
     * How much is done.
     *
     * @param events the number of events
     * @param rounds how often every case runs
     * @param kills how often an application is killed and restarted in each round
     */
    record Size(int events, int rounds, int kills) {

        /** The same in so many rounds, if that is more than none. */
        Size rounds(int wanted) {
            return wanted > 0 ? new Size(events, wanted, kills) : this;
        }
    }

    private static final String EVENTS = "events";
    private static final String WARM_UP = "warm-up";
    private static final String KILL = "kill";

    private final Size size;
    private final int warmUpEvents;
    private final int eventsBetweenKills;
    private final int killEvents;
    private final Path directory;
    private final Consumer<String> progress;
    private final CaseJvm jvm;
    private final Medians medians = new Medians();

    StoreSuite(Size size, Path directory, Consumer<String> progress) {
        this.size = size;
        this.warmUpEvents = size.events() / 4;
        this.eventsBetweenKills = size.events() / 20;
        this.killEvents = size.events() + (size.kills() + 1) * eventsBetweenKills;
        this.directory = directory;
        this.progress = progress;
        this.jvm = new CaseJvm(directory.resolve("cases.log"));
    }

    static String ingest(StoreKind kind, String guarantee) {
        return "ingest " + kind + " " + guarantee;
    }

    static String changelogBytes(StoreKind kind) {
        return "changelog " + kind;
    }

    static String restore(StoreKind kind) {
        return "restore " + kind;
    }

    static String restart(StoreKind kind) {
        return "restart " + kind;
    }

    static String lost(String name) {
        return "lost " + name;
    }

    Medians run() throws Exception {
        try (ChildKafka kafka = ChildKafka.start(directory.resolve("broker"), 0);
                EventTopics topics = new EventTopics(kafka.bootstrapServers())) {
            progress.accept("filling topics");
            topics.create(EventTopics.SAMPLE);
            topics.fill(EVENTS, new SampleEvents(size.events()), size.events());
            topics.fill(WARM_UP, new SampleEvents(warmUpEvents), warmUpEvents);
            topics.fill(KILL, new SampleEvents(killEvents), killEvents);
            for (int round = 1; round <= size.rounds(); round++) {
                new Round(round, kafka.bootstrapServers(), topics).run();
            }
        }
        return medians;
    }

    /** Every case once. */
    private final class Round {

        private final int number;
        private final String bootstrapServers;
        private final EventTopics topics;

        Round(int number, String bootstrapServers, EventTopics topics) {
            this.number = number;
            this.bootstrapServers = bootstrapServers;
            this.topics = topics;
        }

        void run() throws Exception {
            for (String guarantee : List.of(AT_LEAST_ONCE, EXACTLY_ONCE_V2)) {
                ingest(StoreKind.FOREBAY, guarantee, warmUpEvents);
                ingest(StoreKind.FIVE_BUILT_IN, guarantee, warmUpEvents);
            }
            ingest(StoreKind.INDEXER, AT_LEAST_ONCE, warmUpEvents);
            ingest(StoreKind.ONE_BUILT_IN, AT_LEAST_ONCE, 0); // to be restored
            restore(StoreKind.FOREBAY);
            restore(StoreKind.ONE_BUILT_IN);
            deleteStates();
            for (StoreKind kind : List.of(StoreKind.NOTHING, StoreKind.FOREBAY, StoreKind.ONE_BUILT_IN)) {
                killAndRestart(kind);
            }
            deleteStates();
            for (StoreOnlyCase.Writer writer : StoreOnlyCase.Writer.values()) {
                runLocal(StoreOnlyCase.class, "writer", writer);
            }
            for (QueryCase.Kind kind : QueryCase.Kind.values()) {
                runLocal(QueryCase.class, "kind", kind);
            }
            for (RetentionCase.Way way : RetentionCase.Way.values()) {
                runLocal(RetentionCase.class, "way", way);
            }
        }

        private void ingest(StoreKind kind, String guarantee, int warmUp) throws Exception {
            String name = StoreSuite.ingest(kind, guarantee);
            tell(name);
            Map<String, String> args = application(kind, guarantee, EVENTS, size.events());
            args.put(WARM_UP, Integer.toString(warmUp));
            args.put("warm-up-topic", WARM_UP);
            CaseFigures figures = jvm.run(IngestCase.class, args);
            add(name, figures, "seconds", kind);
            medians.add(changelogBytes(kind), topics.changelogBytes(id(kind, guarantee)));
        }

        private void restore(StoreKind kind) throws Exception {
            String name = StoreSuite.restore(kind);
            tell(name);
            Map<String, String> args = application(kind, AT_LEAST_ONCE, EVENTS, size.events());
            delete(directory.resolve("state").resolve(id(kind, AT_LEAST_ONCE)));
            args.put("until", "0");
            args.put("then", "close");
            CaseFigures figures = jvm.run(RestartCase.class, args);
            if (figures.get("restored") < size.events()) {
                throw new IllegalStateException(name + " restored only " + figures.get("restored") + " records");
            }
            add(name, figures, "restoring", kind);
        }

        private void killAndRestart(StoreKind kind) throws Exception {
            String name = restart(kind);
            Map<String, String> args = application(kind, EXACTLY_ONCE_V2, KILL, killEvents);
            args.put("id", KILL + "-" + id(kind, EXACTLY_ONCE_V2));
            for (int kill = 0; kill <= size.kills(); kill++) {
                tell(name + (kill == 0 ? ", first start" : ", after kill " + kill));
                boolean last = kill == size.kills();
                args.put("until", Integer.toString(last ? killEvents : size.events() + kill * eventsBetweenKills));
                args.put("then", last ? "close" : "die");
                CaseFigures figures = last ? jvm.run(RestartCase.class, args) : jvm.runAndKill(RestartCase.class, args);
                if (kill > 0) {
                    add(name, figures, "running", kind);
                    medians.add("records of " + name, figures.get("restored"));
                }
            }
        }

        private <T extends Enum<T>> void runLocal(Class<?> type, String argument, T choice) throws Exception {
            tell(choice.name());
            Path caseDirectory = directory.resolve("local");
            Map<String, String> args = new HashMap<>(Map.of(
                    argument,
                    choice.name(),
                    "directory",
                    caseDirectory.toString(),
                    EVENTS,
                    Integer.toString(size.events()),
                    WARM_UP,
                    Integer.toString(warmUpEvents)));
            CaseFigures figures = jvm.run(type, args);
            add(choice.name(), figures, "seconds", StoreKind.FOREBAY);
            delete(caseDirectory);
        }

        private void add(String name, CaseFigures figures, String figure, StoreKind kind) {
            progress.accept("    " + figures);
            medians.add(name, figures.get(figure));
            double lost = figures.getOrZero("lost");
            if (lost > 0 && (kind == StoreKind.FIVE_BUILT_IN || kind == StoreKind.ONE_BUILT_IN)) {
                throw new IllegalStateException(name + " lost " + lost + " events");
            }
            medians.add(lost(name), lost);
        }

        private Map<String, String> application(StoreKind kind, String guarantee, String topic, int events) {
            Map<String, String> args = new HashMap<>();
            args.put("kind", kind.name());
            args.put("guarantee", guarantee);
            args.put("id", id(kind, guarantee));
            args.put("bootstrap", bootstrapServers);
            args.put("topic", topic);
            args.put("directory", directory.resolve("state").toString());
            args.put(EVENTS, Integer.toString(events));
            return args;
        }

        private String id(StoreKind kind, String guarantee) {
            return kind + "-" + guarantee + "-" + number;
        }

        private void deleteStates() throws Exception {
            delete(directory.resolve("state"));
            topics.deleteChangelogs();
        }

        private void tell(String what) {
            progress.accept("round " + number + "/" + size.rounds() + ": " + what);
        }
    }

    /** Deletes a directory with everything in it, if it is there. */
    static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
