package io.lynx.http.engine.files;

import io.lynx.http.HttpException;
import io.lynx.http.HttpHandler;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.engine.files.AcceptedEncodings.Coding;
import io.lynx.http.engine.head.HeaderText;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers with static files: it finds the file, chooses its variant, evaluates the conditions of the request, and sends the file, a
 * range of it, or neither.
 * Thread-safe.
 */
public final class StaticHandler implements HttpHandler {
    private final StaticContent content;
    private final @Nullable String index;
    private final String cacheControl;
    private final boolean isPrecompressed;
    private final boolean isRoot;

    /**
     * A handler.
     *
     * @param index the file that answers for a directory; null if none does
     * @param isRoot whether its route has no variable {@code path}: it answers for the root
     */
    public StaticHandler(
            StaticContent content,
            @Nullable String index,
            String cacheControl,
            boolean isPrecompressed,
            boolean isRoot) {
        HeaderText.requireValue("Cache-Control", cacheControl);
        this.content = content;
        this.index = index;
        this.cacheControl = cacheControl;
        this.isPrecompressed = isPrecompressed;
        this.isRoot = isRoot;
    }

    /** Redirects from the path of a directory to the same path with a slash at its end, relative to it. */
    public static void redirectToDirectory(Request request, Response response) {
        String path = request.path();
        // A name with a colon would be understood as a scheme.
        response.redirect(301, "./" + path.substring(path.lastIndexOf('/') + 1) + "/");
    }

    @Override
    public void handle(Request request, Response response) throws IOException {
        String path = isRoot ? "" : request.path("path");
        if (!isRoot && !StaticPath.isSafe(request.path(), path)) {
            throw HttpException.notFound();
        }
        boolean isDirectory = isRoot || path.endsWith("/");
        if (isDirectory && index == null) {
            throw HttpException.notFound();
        }
        String name = isDirectory ? path + index : path;
        StaticFile file = content.find(name);
        if (file == null) {
            if (isDirectory || index == null || content.find(path + "/" + index) == null) {
                throw HttpException.notFound();
            }
            redirectToDirectory(request, response);
            return;
        }
        answer(request, response, name, file);
    }

    private void answer(Request request, Response response, String name, StaticFile whole) throws IOException {
        String type = MediaTypes.of(name);
        StaticFile file =
                isPrecompressed && MediaTypes.isCompressible(type) ? variant(request, response, name, whole) : whole;
        Preconditions.Outcome outcome = Preconditions.evaluate(request, file.etag(), file.lastModified());
        if (outcome == Preconditions.Outcome.FAILED) {
            throw new HttpException(412, "the file is not the one that the condition names");
        }
        boolean isSent = outcome == Preconditions.Outcome.SEND;
        ByteRanges ranges = isSent ? ranges(request, file) : null;
        response.header("Cache-Control", cacheControl).header("ETag", file.etag());
        String lastModified = file.lastModifiedText();
        if (lastModified != null) {
            response.header("Last-Modified", lastModified);
        }
        if (isSent) {
            response.header("Accept-Ranges", "bytes").header("X-Content-Type-Options", "nosniff");
            StaticBody.send(request, response, file, type, ranges);
        } else {
            response.status(304);
        }
    }

    /** Returns the variant that the client prefers, {@code whole} if it is not compressed. All of them differ by what it accepts. */
    private StaticFile variant(Request request, Response response, String name, StaticFile whole) {
        List<Coding> accepted = AcceptedEncodings.of(request.headers("accept-encoding"));
        StaticFile chosen = whole;
        int place = accepted.size();
        boolean hasVariants = false;
        for (Coding coding : Coding.values()) {
            StaticFile variant = content.variant(name, coding.ending());
            hasVariants |= variant != null;
            int preferred = accepted.indexOf(coding);
            if (variant != null && preferred >= 0 && preferred < place && isCurrent(variant, whole)) {
                chosen = variant;
                place = preferred;
            }
        }
        if (hasVariants) {
            response.addHeader("Vary", "Accept-Encoding");
        }
        if (place < accepted.size()) {
            response.header("Content-Encoding", accepted.get(place).token());
        }
        return chosen;
    }

    /** A variant that is older than its file was made from an earlier one. */
    private static boolean isCurrent(StaticFile variant, StaticFile whole) {
        Instant made = variant.lastModified();
        Instant changed = whole.lastModified();
        return made == null || changed == null || !made.isBefore(changed);
    }

    /** Returns the ranges to send; null for the whole file. */
    private static @Nullable ByteRanges ranges(Request request, StaticFile file) {
        List<String> headers = request.headers("range");
        boolean applies = headers.size() == 1
                && request.method().equals("GET")
                && Preconditions.allowsRange(request, file.etag(), file.lastModified());
        ByteRanges ranges = applies ? ByteRanges.parse(headers.getFirst(), file.size()) : null;
        if (ranges != null && ranges.ranges().isEmpty()) {
            throw new HttpException(
                    416, "the file has " + file.size() + " bytes", Map.of("Content-Range", "bytes */" + file.size()));
        }
        return ranges;
    }
}
