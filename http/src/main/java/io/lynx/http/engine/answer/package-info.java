/** Answers on their way to the client: whole, as a stream, compressed, or as events while the client stays. Not part of the API. */
package io.lynx.http.engine.answer;
