package io.forebay.store;

import io.forebay.store.EventDatabase.Table;
import java.util.List;

/** The kinds of stores there are. */
enum StoreKind {
    EVENTS("event store", "forebay-event-store", Table.META, Table.EVENTS, Table.IDS, Table.INDEX);

    private final String text;
    private final String metricPrefix;
    private final List<Table> tables;

    StoreKind(String text, String metricPrefix, Table... tables) {
        this.text = text;
        this.metricPrefix = metricPrefix;
        this.tables = List.of(tables);
    }

    /** What its metrics start with; their group is that and {@code -metrics}. */
    String metricPrefix() {
        return metricPrefix;
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
