/** Calls to other servers on connections that this one opens. Not part of the API. */
package io.lynx.transport.engine.outgoing;
