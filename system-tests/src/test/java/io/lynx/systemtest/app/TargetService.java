package io.lynx.systemtest.app;

import io.lynx.app.Lynx;
import io.lynx.http.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

/** What hostile clients attack: a short answer, a long answer, a route that reads a body, and one that opens every file it can. */
public final class TargetService {
    /** The size of a long answer, in bytes; each is an array of its own, as those of real services are. */
    private static final int LARGE = 60_000;

    private static final Deque<InputStream> OPENED = new ConcurrentLinkedDeque<>();

    private TargetService() {}

    /** Runs it. */
    public static void main(String[] args) {
        Lynx.run(
                args,
                app -> app.plugin(HttpServer.with(http -> http.get("/ok", (request, response) -> response.send("ok"))
                        .get("/large", (request, response) -> response.send(new byte[LARGE]))
                        .post("/files", (request, response) -> response.send("" + openAll()))
                        .delete("/files", (request, response) -> {
                            closeAll();
                            response.send("closed");
                        })
                        .post("/upload", (request, response) -> response.send("" + request.bytes().length)))));
    }

    /** Opens files until there are no descriptors left; returns how many it has opened. */
    private static int openAll() {
        while (true) {
            try {
                OPENED.add(Files.newInputStream(Path.of("/dev/null")));
            } catch (IOException exhausted) {
                return OPENED.size();
            }
        }
    }

    private static void closeAll() throws IOException {
        for (InputStream file = OPENED.poll(); file != null; file = OPENED.poll()) {
            file.close();
        }
    }
}
