/** What the modules may know of each other; this module sees them all. */
@NullMarked
package io.forebay.architecture;

import org.jspecify.annotations.NullMarked;
