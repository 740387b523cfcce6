/**
 * The service that confirms orders: it receives the events of the orders example through Kafka, and keeps one confirmation of each.
 *
 * <p>Begin at {@link io.lynx.examples.worker.Main}.
 */
@NullMarked
package io.lynx.examples.worker;

import org.jspecify.annotations.NullMarked;
