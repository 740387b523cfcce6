/**
 * WebSockets (RFC 6455) on the HTTP server: {@link io.lynx.http.Routes#webSocket} adds a route whose handler receives messages from
 * each client and sends messages to it.
 */
package io.lynx.http.websocket;
