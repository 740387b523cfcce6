/** What a client receives in the place of an answer: refusals of the server, and the mapping of failures. Not part of the API. */
package io.lynx.http.engine.problem;
