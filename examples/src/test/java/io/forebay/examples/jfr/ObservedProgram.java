package io.forebay.examples.jfr;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** A program to be observed in a JVM of its own: does what it is told on standard input, and says so. */
final class ObservedProgram {

    static final int THREADS = 500;

    private ObservedProgram() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                obey(line);
                System.out.println(line + " done");
            }
        }
    }

    private static void obey(String command) throws InterruptedException {
        switch (command) {
            case "gc" -> System.gc();
            case "throw" -> throwOnPurpose();
            case "threads" -> runThreads();
            default -> throw new IllegalArgumentException(command);
        }
    }

    private static void throwOnPurpose() {
        try {
            throw new IllegalStateException("from afar");
        } catch (IllegalStateException expected) {
            System.out.println(expected.getMessage());
        }
    }

    private static void runThreads() throws InterruptedException {
        for (int i = 0; i < THREADS; i++) {
            Thread thread = new Thread(() -> {}, "burst-" + i);
            thread.start();
            thread.join();
        }
    }
}
