package io.lynx.http.engine.routing;

import io.lynx.http.HttpHandler;

/** A handler whose requests last for as long as their clients stay, so that they must be ended before their plugin stops. Thread-safe. */
public interface LastingHandler extends HttpHandler {
    /** Ends them, and those that begin from now on. Does not wait. */
    void finish();
}
