/** What the plugin for Kafka costs, beside the bare client. */
@NullMarked
package io.lynx.benchmarks.kafka;

import org.jspecify.annotations.NullMarked;
