@NullMarked
package io.forebay.testing;

import org.jspecify.annotations.NullMarked;
