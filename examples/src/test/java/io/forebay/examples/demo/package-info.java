/** The demo as its users meet it: as a process. */
@NullMarked
package io.forebay.examples.demo;

import org.jspecify.annotations.NullMarked;
