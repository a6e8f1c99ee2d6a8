@NullMarked
package io.forebay.serdes.connect;

import org.jspecify.annotations.NullMarked;
