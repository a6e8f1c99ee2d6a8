/** What the README and docs/guarantees.md show, compiled and run. */
@NullMarked
package io.forebay.examples.readme;

import org.jspecify.annotations.NullMarked;
