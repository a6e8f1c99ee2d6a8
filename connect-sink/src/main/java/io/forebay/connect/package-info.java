@NullMarked
package io.forebay.connect;

import org.jspecify.annotations.NullMarked;
