/** Keys and certificates of servers and clients, read again when their files change. Not part of the API. */
package io.lynx.transport.engine.tls;
