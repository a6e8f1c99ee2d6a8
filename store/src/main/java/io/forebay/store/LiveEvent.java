package io.forebay.store;

/**
 * An event as it arrived.
 *
 * @param partition the partition it arrived on
 * @param event the event itself, which others hold as well: not to be changed
 * @param <E> the type of the events
 */
public record LiveEvent<E>(int partition, E event) {}
