package io.forebay.store;

import java.io.File;
import java.io.IOException;

/** Holds a database open in a process of its own, until its standard input ends. */
final class DatabaseHolder {

    static final String READY = "open";

    private DatabaseHolder() {}

    public static void main(String[] args) throws IOException {
        try (EventDatabase database = EventDatabase.open(new File(args[0]))) {
            StoreMeta.open(database);
            System.out.println(READY);
            while (System.in.read() >= 0) {
                // nothing is said to it but the end
            }
        }
    }
}
