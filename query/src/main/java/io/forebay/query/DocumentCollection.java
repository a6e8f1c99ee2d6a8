package io.forebay.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * Named JSON documents that are kept somewhere, and can be read and changed over HTTP at {@code /v1/<path>}. Each change
 * names the version it changes, so that of two at the same time one is refused.
 *
 * <p>Implementations must be thread-safe. Reading must be quick; a change may take seconds.
 */
public interface DocumentCollection {

    /** In place of a version: the document must not be there yet. */
    long NONE = -1;

    /** In place of a version: whatever is there. */
    long ANY = -2;

    /** The part of the address: lower-case letters and dashes, such as {@code capture-plans}. */
    String path();

    /** What one of them is called in messages, such as {@code capture plan}. */
    String noun();

    /**
     * All documents, by name.
     *
     * @throws DocumentException if they cannot be read at the moment
     */
    List<Document> list();

    /**
     * One document.
     *
     * @throws DocumentException if it cannot be read at the moment
     */
    Optional<Document> find(String name);

    /**
     * Makes or replaces a document.
     *
     * @param expectedVersion the version to replace, {@link #NONE} or {@link #ANY}
     * @return the document as it is kept
     * @throws DocumentException if name or content are not valid, the version is another, or it cannot be written
     */
    Document put(String name, JsonNode content, long expectedVersion);

    /**
     * Deletes a document.
     *
     * @param expectedVersion the version to delete, or {@link #ANY}
     * @throws DocumentException if the version is another, the document is not there, or it cannot be deleted
     */
    void delete(String name, long expectedVersion);

    /**
     * A document as it is kept.
     *
     * @param name what it is called
     * @param version 0 or more; another one after every change, and never the same again
     * @param content the document itself
     */
    record Document(String name, long version, JsonNode content) {}
}
