package io.lynx.openapi;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lynx.app.ApplicationConfig;
import io.lynx.http.DescribedRoute;
import io.lynx.http.HttpHandler;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.ServerRoutes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers with the document of the present routes, which is kept until they change. Thread-safe. */
final class ServedDocument implements HttpHandler {
    private final OpenApiConfig config;
    private final ApplicationConfig application;
    private final ServerRoutes routes;
    private volatile @Nullable Document known;

    ServedDocument(OpenApiConfig config, ApplicationConfig application, ServerRoutes routes) {
        this.config = config;
        this.application = application;
        this.routes = routes;
    }

    /** The document of certain routes. Immutable. */
    private static final class Document {
        private final List<DescribedRoute> routes;
        private final byte[] json;
        private final String etag;

        Document(List<DescribedRoute> routes, byte[] json) {
            this.routes = routes;
            this.json = json;
            this.etag = etag(json);
        }
    }

    @Override
    public void handle(Request request, Response response) {
        Document document = present();
        response.header("ETag", document.etag).header("Cache-Control", "no-cache");
        if (request.headers("if-none-match").stream().anyMatch(tags -> names(tags, document.etag))) {
            response.status(304);
        } else {
            response.type("application/json").send(document.json);
        }
    }

    /** Two requests may make it at once; their results are equal. A lock would let all wait for code of users that hangs. */
    @SuppressWarnings("ReferenceEquality") // It is the same list until routes change.
    private Document present() {
        List<DescribedRoute> present = routes.described();
        Document document = known;
        if (document == null || document.routes != present) {
            byte[] json = DocumentText.of(new OpenApiDocument(config, application, routes.json()).of(present))
                    .getBytes(UTF_8);
            document = new Document(present, json);
            known = document;
        }
        return document;
    }

    /** Whether the tags in a header have {@code etag} among them. A proxy that compresses may have made it a weak one. */
    private static boolean names(String tags, String etag) {
        return Arrays.stream(tags.split(","))
                .map(String::strip)
                .map(tag -> tag.startsWith("W/") ? tag.substring(2) : tag)
                .anyMatch(tag -> tag.equals(etag) || tag.equals("*"));
    }

    private static String etag(byte[] json) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(json);
            return "\"" + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, 16)) + "\"";
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
