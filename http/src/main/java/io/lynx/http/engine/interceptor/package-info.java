/** The interceptors of the server, and the chain of them around a route. Not part of the API. */
package io.lynx.http.engine.interceptor;
