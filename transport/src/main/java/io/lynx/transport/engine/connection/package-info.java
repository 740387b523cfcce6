/** Connections that clients open, and the streams on them: time limits, work in flight and the drain. Not part of the API. */
package io.lynx.transport.engine.connection;
