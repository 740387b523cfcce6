/** The machinery behind the HTTP client: policies around a call, and what connects the packages below. Not part of the API. */
package io.lynx.http.client.engine;
