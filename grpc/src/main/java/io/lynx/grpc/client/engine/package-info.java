/** How a call of a stub becomes a stream: attempts, messages, callbacks, statuses. Not part of the API. */
package io.lynx.grpc.client.engine;
