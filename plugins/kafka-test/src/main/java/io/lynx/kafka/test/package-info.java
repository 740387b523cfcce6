/**
 * Kafka for tests: {@link io.lynx.kafka.test.WithKafka} gives a test class a prefix of topics of its own on a broker that the tests of a
 * JVM share.
 */
@NullMarked
package io.lynx.kafka.test;

import org.jspecify.annotations.NullMarked;
