package io.lynx.http.engine.body;

import io.lynx.http.Form;
import io.lynx.http.FormLimits;
import io.lynx.http.HttpException;
import io.lynx.http.Request;
import io.lynx.http.engine.binding.Json;
import io.lynx.http.engine.head.HeaderText;
import io.lynx.http.engine.routing.RouteTarget;
import io.lynx.transport.Head;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The body of a request as its handler reads it: decompressed, and as a form. For the handler's thread only. */
public final class RequestContent {
    private final BodyOwner owner;
    private final BodyRules rules;
    private final RouteTarget target;
    private final Request request;
    private final Body body;
    private @Nullable InflatedBody inflated;
    private @Nullable OpenForm form;

    /**
     * The content of a request, which nothing has read yet.
     *
     * @param reader null if the request has no body
     */
    public RequestContent(
            BodyOwner owner, BodyRules rules, RouteTarget target, Request request, @Nullable BodyReader reader) {
        this.owner = owner;
        this.rules = rules;
        this.target = target;
        this.request = request;
        this.body = reader == null ? Body.empty() : reader.body();
    }

    public byte[] bytes() {
        InflatedBody compressed = inflated();
        return compressed == null ? body.bytes() : compressed.bytes();
    }

    /**
     * Returns the body as text.
     *
     * @throws HttpException (415) if its charset is unknown
     */
    public String text() {
        return new String(
                bytes(), HeaderText.charset(request.header("content-type").orElse("")));
    }

    public InputStream stream() {
        InflatedBody compressed = inflated();
        return compressed == null ? body.stream() : compressed.stream();
    }

    /** The body, decompressed; null if it is read as it arrives. */
    private @Nullable InflatedBody inflated() {
        if (inflated == null && rules.isDecompressing()) {
            inflated = InflatedBody.of(request, body, rules.limit(target), owner);
        }
        return inflated;
    }

    /**
     * Returns the body, which is to be JSON.
     *
     * @throws HttpException (415) if the request says that it is something else
     */
    public byte[] json(Head head) {
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

    public Form form(FormLimits limits) {
        Form known = form == null ? null : form.form();
        if (known == null) {
            requireReadable();
            OpenForm opened = form == null ? new OpenForm(rules.uploads()) : form;
            form = opened;
            // Nothing may be written to a disk on the event loop; the body is small there.
            boolean isInMemory = target.isNonBlocking();
            known = FormReader.read(request, isInMemory ? limits.withInMemory(Body.FULL) : limits, opened);
            opened.complete(known);
        }
        return known;
    }

    private void requireReadable() {
        if (!rules.isDecompressing()) {
            InflatedBody.requirePlain(request);
        }
    }

    /** The handler has returned: its uploaded files and a decompressor are not needed any more. */
    public void release() {
        if (form != null) {
            form.close();
        }
        if (inflated != null) {
            inflated.close();
        }
    }
}
