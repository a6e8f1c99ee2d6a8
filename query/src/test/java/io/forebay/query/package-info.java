@NullMarked
package io.forebay.query;

import org.jspecify.annotations.NullMarked;
