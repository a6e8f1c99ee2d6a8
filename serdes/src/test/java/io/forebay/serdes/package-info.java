@NullMarked
package io.forebay.serdes;

import org.jspecify.annotations.NullMarked;
