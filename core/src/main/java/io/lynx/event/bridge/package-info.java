/**
 * Events beyond one process: a bridge forwards the events of chosen topics to a broker and receives those of others, as JSON with the
 * attributes of CloudEvents 1.0. Plugins provide the {@link io.lynx.event.bridge.BridgeTransport}.
 */
@NullMarked
package io.lynx.event.bridge;

import org.jspecify.annotations.NullMarked;
