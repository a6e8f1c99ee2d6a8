/** Tests of the buffers: contracts, models, accounts under stress, and regressions of defects that were measured elsewhere. */
@NullMarked
package io.forebay.buffer;

import org.jspecify.annotations.NullMarked;
