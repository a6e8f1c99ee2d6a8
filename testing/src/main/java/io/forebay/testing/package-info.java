/**
 * Real Kafka brokers for tests, demos and experiments, without Docker.
 *
 * <ul>
 *   <li>{@link io.forebay.testing.EmbeddedKafka} runs a one-node KRaft broker inside this JVM and keeps its data
 *       between runs;
 *   <li>{@link io.forebay.testing.ChildKafka} runs the same broker in a process of its own, so that a test can
 *       {@code kill -9} it and start it again on the same port;
 *   <li>{@link io.forebay.testing.KafkaFixture} is the JUnit 5 extension on top: one broker per test JVM, started when the
 *       first test asks for it, or Testcontainers' Kafka with {@code -Dforebay.test.kafka=container};
 *   <li>{@link io.forebay.testing.BrokerClients} creates topics, writes and reads, on any of them;
 *   <li>{@link io.forebay.testing.ChildJvm} runs a program of a test in a process of its own, to be killed.
 * </ul>
 *
 * <p><b>Threads.</b> Brokers may be started, used and closed from any thread; {@code close()} is idempotent.
 *
 * <p><b>Failures.</b> A broker that cannot start throws {@link io.forebay.testing.KafkaStartException}, whose
 * {@linkplain io.forebay.testing.KafkaStartException#reason() reason} tells apart a port in use, a directory that is in use,
 * not writable, foreign or damaged. A broker never halts the JVM it is embedded in.
 *
 * <p>JUnit and Testcontainers are optional dependencies: only the fixture needs them.
 */
@NullMarked
package io.forebay.testing;

import org.jspecify.annotations.NullMarked;
