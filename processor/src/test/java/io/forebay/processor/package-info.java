/** Tests of the topology steps. */
@NullMarked
package io.forebay.processor;

import org.jspecify.annotations.NullMarked;
