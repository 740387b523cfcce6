/** The machinery behind the HTTP client: pools of connections, balancing, one call. */
package io.lynx.http.client.engine;
