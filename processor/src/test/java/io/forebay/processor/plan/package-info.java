/** Tests of capture plans. */
@NullMarked
package io.forebay.processor.plan;

import org.jspecify.annotations.NullMarked;
