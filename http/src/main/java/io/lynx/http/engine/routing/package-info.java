/** Routes, and the one that answers a request. Not part of the API. */
package io.lynx.http.engine.routing;
