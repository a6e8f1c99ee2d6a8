package io.forebay.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.SampleTimeResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs JMH cases in rounds: each round runs every case once, in a fresh JVM, so that a disturbance of the machine hits neighbours
 * alike. The figure of a case is the median of its iterations over all rounds.
 */
public final class JmhRounds {
    /**
     * What a case came to.
     *
     * @param median median over all iterations of all rounds; of sampled times, over all samples of a round, and then over the rounds
     * @param highPercentile of sampled times, 99.9 % took no longer; median over the rounds; else not a number
     * @param lost sum over all rounds
     * @param bytesPerOperation smallest of the rounds
     */
    public record Figures(double median, double highPercentile, long lost, double bytesPerOperation) {}

    private final int rounds;
    private final int warmups;
    private final int iterations;
    private final TimeValue iterationTime;

    /** That many rounds, each of warm-ups and iterations of one length. */
    public JmhRounds(int rounds, int warmups, int iterations, TimeValue iterationTime) {
        this.rounds = rounds;
        this.warmups = warmups;
        this.iterations = iterations;
        this.iterationTime = iterationTime;
    }

    /** Runs all cases in all rounds and tells of each as it begins. */
    public Map<JmhCase, Figures> run(Collection<JmhCase> cases, Consumer<String> progress) throws RunnerException {
        Map<JmhCase, List<RunResult>> results = new LinkedHashMap<>();
        int done = 0;
        for (int round = 0; round < rounds; round++) {
            for (JmhCase benchmark : cases) {
                progress.accept(String.format("%d/%d %s", ++done, rounds * cases.size(), benchmark));
                results.computeIfAbsent(benchmark, any -> new ArrayList<>()).add(runOnce(benchmark));
            }
        }
        Map<JmhCase, Figures> figures = new HashMap<>();
        results.forEach((benchmark, runs) -> figures.put(benchmark, figuresOf(runs)));
        return figures;
    }

    private RunResult runOnce(JmhCase benchmark) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include('^' + benchmark.method().replace(".", "\\.") + '$')
                .threads(benchmark.threads())
                .forks(1)
                .warmupIterations(warmups)
                .warmupTime(iterationTime)
                .measurementIterations(iterations)
                .measurementTime(iterationTime)
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true)
                .jvmArgsAppend(
                        "-Xms2g",
                        "-Xmx2g",
                        "-XX:+AlwaysPreTouch",
                        "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");
        benchmark.params().forEach(options::param);
        return new Runner(options.build()).runSingle();
    }

    private static Figures figuresOf(List<RunResult> runs) {
        List<Double> scores = new ArrayList<>();
        List<Double> high = new ArrayList<>();
        long lost = 0;
        double bytes = Double.MAX_VALUE;
        for (RunResult run : runs) {
            BenchmarkResult result = run.getAggregatedResult();
            if (result.getPrimaryResult() instanceof SampleTimeResult samples) {
                scores.add(samples.getStatistics().getPercentile(50));
                high.add(samples.getStatistics().getPercentile(99.9));
            } else {
                result.getIterationResults()
                        .forEach(iteration ->
                                scores.add(iteration.getPrimaryResult().getScore()));
            }
            Map<String, Result> secondary = run.getSecondaryResults();
            lost += secondary.containsKey("lost")
                    ? Math.round(secondary.get("lost").getScore())
                    : 0;
            Result allocated = secondary.get("gc.alloc.rate.norm");
            bytes = allocated == null ? bytes : Math.min(bytes, allocated.getScore());
        }
        return new Figures(median(scores), median(high), lost, bytes);
    }

    private static double median(List<Double> values) {
        values.sort(null);
        return values.isEmpty() ? Double.NaN : values.get(values.size() / 2);
    }
}
