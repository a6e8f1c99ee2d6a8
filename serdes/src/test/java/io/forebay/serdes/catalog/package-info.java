@NullMarked
package io.forebay.serdes.catalog;

import org.jspecify.annotations.NullMarked;
