package io.lynx.http;

/** One method on one template, with what answers it. */
record Route(String method, Template template, RouteOptions options, Handler handler) {}
