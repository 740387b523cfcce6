/** The bytes of requests before the decoder: where a message ends, and what must not reach the decoder. Not part of the API. */
package io.lynx.transport.engine.framing;
