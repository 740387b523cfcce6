/** The body of a request: it is received, decompressed, and read as a form. Not part of the API. */
package io.lynx.http.engine.body;
