/** What happens between a handshake and the end of a WebSocket: frames, messages, time limits. Not part of the API. */
package io.lynx.http.websocket.engine;
