@NullMarked
package io.forebay.examples;

import org.jspecify.annotations.NullMarked;
