/** The plugin {@link io.lynx.security.http.SecurityPlugin}: who calls the routes of an HTTP server, and who may. */
@org.jspecify.annotations.NullMarked
package io.lynx.security.http;
