package io.lynx.transport.engine;

import io.lynx.transport.engine.connection.ListenChannel;
import io.lynx.transport.engine.connection.ListenerState;
import io.lynx.transport.engine.connection.OpenFilesLimit;
import io.lynx.transport.engine.tls.CertificateWatch;
import io.vertx.core.http.HttpServer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an open listener consists of.
 *
 * @param places how many connections it may have
 * @param certificates null without TLS
 * @param servers the library's servers, one for each event loop
 * @param port the port that it listens on
 */
record OpenListener(
        ListenerState state,
        OpenFilesLimit.Places places,
        LoopWatch watch,
        @Nullable CertificateWatch certificates,
        List<HttpServer> servers,
        ListenChannel socket,
        int port) {}
