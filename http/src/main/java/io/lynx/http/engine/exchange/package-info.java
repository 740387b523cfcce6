/** How a request becomes an answer: one exchange from the head of the request to the last byte. Not part of the API. */
package io.lynx.http.engine.exchange;
