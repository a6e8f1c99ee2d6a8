package io.forebay.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads that stay for the whole of a benchmark, so that starting them is no part of what is measured. */
final class Crew implements AutoCloseable {
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "crew");
        thread.setDaemon(true);
        return thread;
    });

    /** Runs all tasks at the same time and returns the sum of their results when the last has ended. */
    long runAll(List<Callable<Long>> tasks) throws InterruptedException, ExecutionException {
        List<Future<Long>> results = new ArrayList<>();
        for (Callable<Long> task : tasks) {
            results.add(threads.submit(task));
        }
        long sum = 0;
        for (Future<Long> result : results) {
            sum += result.get();
        }
        return sum;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
