/** What the README shows, compiled and run. */
@NullMarked
package io.forebay.examples.readme;

import org.jspecify.annotations.NullMarked;
