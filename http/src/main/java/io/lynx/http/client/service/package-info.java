/**
 * What a client of another protocol over HTTP/2 shares with the HTTP client: connections to the servers of a service, balancing,
 * discovery, policies and metrics. Internal to Lynx.
 */
package io.lynx.http.client.service;
