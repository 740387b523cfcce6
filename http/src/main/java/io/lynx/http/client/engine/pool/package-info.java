/** Connections to one server: opened, shared and waited for, within the time of a call. Not part of the API. */
package io.lynx.http.client.engine.pool;
