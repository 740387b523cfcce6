package io.lynx.transport.engine;

import io.vertx.core.http.HttpServer;
import java.util.List;

/**
 * What an open listener consists of.
 *
 * @param places how many connections it may have
 * @param servers the library's servers, one for each event loop
 * @param port the port that it listens on
 */
record OpenListener(
        ListenerState state,
        OpenFilesLimit.Places places,
        LoopWatch watch,
        List<HttpServer> servers,
        ListenChannel socket,
        int port) {}
