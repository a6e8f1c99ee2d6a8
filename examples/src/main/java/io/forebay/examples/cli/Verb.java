package io.forebay.examples.cli;

/** A verb that another module adds to the {@code forebay} command: a picocli command, registered as a service. */
public interface Verb {}
