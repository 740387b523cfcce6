/** What is done once in a turn of the event loop, for connections of servers and of clients. Not part of the API. */
package io.lynx.transport.engine.turn;
