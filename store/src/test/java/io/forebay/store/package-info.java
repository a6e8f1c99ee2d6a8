/** Tests of the store: against a model, in a test driver, and on a real broker with kills. */
@NullMarked
package io.forebay.store;

import org.jspecify.annotations.NullMarked;
