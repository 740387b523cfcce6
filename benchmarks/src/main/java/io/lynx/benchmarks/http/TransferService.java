package io.lynx.benchmarks.http;

import io.lynx.app.Lynx;
import io.lynx.benchmarks.harness.MemoryUse;
import io.lynx.http.HttpServer;
import io.lynx.http.Request;
import io.lynx.http.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Sends and receives as many bytes as a client wants, and tells how much memory it uses. */
public final class TransferService {
    private static final int PIECE = 64 * 1024;

    private TransferService() {}

    /** Runs it. */
    public static void main(String[] args) {
        Lynx.run(
                args,
                app -> app.plugin(HttpServer.with(http -> http.get("/download/{bytes}", TransferService::download)
                        .put("/upload", TransferService::upload)
                        .get("/memory", (_, response) -> response.send(MemoryUse.describe())))));
    }

    private static void download(Request request, Response response) throws IOException {
        byte[] piece = new byte[PIECE];
        try (OutputStream out = response.stream()) {
            for (long left = Long.parseLong(request.path("bytes")); left > 0; left -= PIECE) {
                out.write(piece, 0, (int) Math.min(PIECE, left));
            }
        }
    }

    /** Answers with the number of bytes that arrived. */
    private static void upload(Request request, Response response) throws IOException {
        try (InputStream in = request.stream()) {
            response.send(String.valueOf(in.transferTo(OutputStream.nullOutputStream())));
        }
    }
}
