package io.forebay.store;

import io.forebay.store.StoreLife.Circumstances;

/** Event stores, with bounds and without, with all indexes and with some. */
class EventStoreCrashModelTest extends CrashModelTest {

    EventStoreCrashModelTest() {
        super(6, 500, 60);
    }

    @Override
    StoreLife<?, ?, ?> begin(Circumstances circumstances) {
        return new EventStoreLife(circumstances);
    }
}
