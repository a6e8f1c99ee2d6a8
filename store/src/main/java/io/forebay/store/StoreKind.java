package io.forebay.store;

import io.forebay.store.EventDatabase.Table;
import java.util.List;

/** The kinds of stores there are. */
enum StoreKind {
    EVENTS("event store", "event-store", Table.META, Table.EVENTS, Table.IDS, Table.INDEX),
    LATEST("latest store", "latest-store", Table.META, Table.LATEST, Table.INDEX, Table.QUEUES);

    private final String text;
    private final String inMetrics;
    private final List<Table> tables;

    StoreKind(String text, String inMetrics, Table... tables) {
        this.text = text;
        this.inMetrics = inMetrics;
        this.tables = List.of(tables);
    }

    /** As in the names of metrics. */
    String inMetrics() {
        return inMetrics;
    }

    /** The tables of its database. */
    List<Table> tables() {
        return tables;
    }

    /** As in messages. */
    @Override
    public String toString() {
        return text;
    }
}
