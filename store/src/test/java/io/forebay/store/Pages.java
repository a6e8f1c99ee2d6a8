package io.forebay.store;

import java.util.ArrayList;
import java.util.List;

/** Goes through the pages of a query. */
final class Pages {

    private Pages() {}

    static <E> List<E> all(ReadOnlyEventStore<E> store, EventQuery<E> query) {
        return all(store, query, () -> {});
    }

    /** Runs something between pages. */
    static <E> List<E> all(ReadOnlyEventStore<E> store, EventQuery<E> query, Runnable between) {
        List<E> all = new ArrayList<>();
        EventPage<E> page = store.query(query);
        all.addAll(page.events());
        while (page.next() != null) {
            between.run();
            page = store.query(query.after(page.next()));
            all.addAll(page.events());
        }
        return all;
    }
}
