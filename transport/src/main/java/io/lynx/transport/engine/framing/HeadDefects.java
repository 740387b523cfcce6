package io.lynx.transport.engine.framing;

import io.lynx.transport.HeadDefect;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/** Finds out what is wrong with a head that the library could not read. */
public final class HeadDefects {
    private HeadDefects() {}

    /** Marks a head whose version the library would refuse by itself, without a stream. */
    public static final class UnsupportedVersionException extends IllegalArgumentException {
        public UnsupportedVersionException() {
            super("only HTTP/1.0, HTTP/1.1 and HTTP/2 are supported");
        }
    }

    /** Returns what is wrong with a head that is valid; HTTP/2 has no request line, so its path is measured. */
    public static @Nullable HeadDefect ofHttp2(HttpServerRequest request, int maxLineLength) {
        boolean isLong =
                request.version() == HttpVersion.HTTP_2 && request.uri().length() > maxLineLength;
        return isLong ? HeadDefect.LINE_TOO_LONG : null;
    }

    public static HeadDefect of(HttpServerRequest request) {
        return switch (request.decoderResult().cause()) {
            case UnsupportedVersionException _ -> HeadDefect.UNSUPPORTED_VERSION;
            case TooLongHttpLineException _ -> HeadDefect.LINE_TOO_LONG;
            case TooLongHttpHeaderException _ -> HeadDefect.HEADERS_TOO_LARGE;
            case null, default -> HeadDefect.MALFORMED;
        };
    }
}
