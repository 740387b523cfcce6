/** How a stream becomes a call: messages, callbacks in order, flow control, limits and outcomes. Not part of the API. */
package io.lynx.grpc.engine;
