/**
 * Kafka. {@link io.lynx.kafka.KafkaPlugin} shares for each section {@code lynx.kafka.<name>} a {@linkplain
 * io.lynx.kafka.KafkaSender sender}, whose sends are measured, limited in time and guarded by a circuit breaker, and {@linkplain
 * io.lynx.kafka.KafkaConsumers consumers}, which hand records to handlers on virtual threads.
 */
@NullMarked
package io.lynx.kafka;

import org.jspecify.annotations.NullMarked;
