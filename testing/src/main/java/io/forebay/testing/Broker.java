package io.forebay.testing;

/** What the fixture needs of a broker, wherever it runs. */
interface Broker extends AutoCloseable {

    String bootstrapServers();

    @Override
    void close();
}
