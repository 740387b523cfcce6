/** How a request becomes an answer: reading, dispatch, writing, and the mapping of failures. Not part of the API. */
package io.lynx.http.engine;
