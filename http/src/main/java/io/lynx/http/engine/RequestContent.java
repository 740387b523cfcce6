package io.lynx.http.engine;

import io.lynx.http.Form;
import io.lynx.http.FormLimits;
import io.lynx.http.HttpException;
import io.lynx.transport.Head;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The body of a request as its handler reads it: decompressed, and as a form. For the handler's thread only. */
final class RequestContent {
    private final Exchange exchange;
    private final ServerContext server;
    private final ServerRequest request;
    private final Body body;
    private @Nullable InflatedBody inflated;
    private @Nullable OpenForm form;

    RequestContent(Exchange exchange, ServerContext server, ServerRequest request) {
        this.exchange = exchange;
        this.server = server;
        this.request = request;
        BodyReader reader = exchange.reader();
        this.body = reader == null ? Body.empty() : reader.body();
    }

    byte[] bytes() {
        InflatedBody compressed = inflated();
        return compressed == null ? body.bytes() : compressed.bytes();
    }

    InputStream stream() {
        InflatedBody compressed = inflated();
        return compressed == null ? body.stream() : compressed.stream();
    }

    /** The body, decompressed; null if it is read as it arrives. */
    private @Nullable InflatedBody inflated() {
        if (inflated == null && server.config().decompression()) {
            inflated = InflatedBody.of(request, body, exchange.target().maxBody(server), server);
        }
        return inflated;
    }

    /**
     * Returns the body, which is to be JSON.
     *
     * @throws HttpException (415) if the request says that it is something else
     */
    byte[] json(Head head) {
        String type = head.header("content-type");
        Json.requireType(type == null ? assumedType(head) : type);
        requireReadable();
        return bytes();
    }

    /** A page of another site can have a browser send a body without a type, with the cookies of its user and without preflight. */
    private static String assumedType(Head head) {
        boolean isOfBrowser =
                head.header("origin") != null || head.header("cookie") != null || head.header("sec-fetch-site") != null;
        return isOfBrowser ? "" : "application/json";
    }

    Form form(FormLimits limits) {
        Form known = form == null ? null : form.form();
        if (known == null) {
            requireReadable();
            OpenForm opened = form == null ? new OpenForm(server.uploads()) : form;
            form = opened;
            // Nothing may be written to a disk on the event loop; the body is small there.
            boolean isInMemory = exchange.target().isNonBlocking();
            known = FormReader.read(request, isInMemory ? limits.withInMemory(Body.FULL) : limits, opened);
            opened.complete(known);
        }
        return known;
    }

    private void requireReadable() {
        if (!server.config().decompression()) {
            InflatedBody.requirePlain(request);
        }
    }

    /** The handler has returned: its uploaded files and a decompressor are not needed any more. */
    void release() {
        if (form != null) {
            form.close();
        }
        if (inflated != null) {
            inflated.close();
        }
    }
}
