@NullMarked
package io.forebay.serdes.registry;

import org.jspecify.annotations.NullMarked;
