/** One call to one server: its request, the exchange on a connection, and its answer. Not part of the API. */
package io.lynx.http.client.engine.call;
