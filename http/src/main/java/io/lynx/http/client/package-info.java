/**
 * The HTTP client: calls to other services with pooled connections, time limits and policies.
 *
 * <p>{@link io.lynx.http.client.HttpClientPlugin} makes clients by the names of their sections {@code lynx.clients.<name>};
 * {@link io.lynx.http.client.HttpClient#builder} makes one in code.
 */
package io.lynx.http.client;
