package io.lynx.http;

/**
 * One method on one template, with what answers it.
 *
 * @param owner the id of the plugin that added it; empty for the server's own
 */
record Route(String method, Template template, RouteOptions options, Handler handler, String owner) {}
