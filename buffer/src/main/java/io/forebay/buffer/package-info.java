@NullMarked
package io.forebay.buffer;

import org.jspecify.annotations.NullMarked;
