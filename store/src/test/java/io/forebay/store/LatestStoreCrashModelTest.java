package io.forebay.store;

import io.forebay.store.StoreLife.Circumstances;

/** Latest stores with an outbox, with an index and without. */
class LatestStoreCrashModelTest extends CrashModelTest {

    LatestStoreCrashModelTest() {
        super(12, 1_000, 80);
    }

    @Override
    StoreLife<?, ?, ?> begin(Circumstances circumstances) {
        return new LatestStoreLife(circumstances);
    }
}
