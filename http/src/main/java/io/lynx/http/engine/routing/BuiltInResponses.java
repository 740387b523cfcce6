package io.lynx.http.engine.routing;

import io.lynx.http.HttpException;
import io.lynx.http.HttpHandler;
import io.lynx.http.engine.problem.Refusal;
import io.lynx.transport.Head;
import io.lynx.transport.HeadDefect;
import io.lynx.transport.Protocol;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the server answers itself, where no route does: {@code OPTIONS}, and refusals of a path or a method. */
public final class BuiltInResponses {
    private BuiltInResponses() {}

    /**
     * Refuses a head without what every request needs.
     *
     * @throws HttpException if it could not be read, or (400) the name of a header or the host is missing
     */
    public static void require(Head head) {
        HeadDefect defect = head.defect();
        if (defect != null) {
            throw to(defect);
        }
        if (head.hasHeader("")) {
            throw new HttpException(400, "header: a name is missing");
        }
        if (head.protocol() == Protocol.HTTP_1_1 && head.headers("host").size() != 1) {
            throw new HttpException(400, "header Host: exactly one is required");
        }
        if (head.protocol() == Protocol.HTTP_2 && head.authority() == null && !head.hasHeader("host")) {
            throw new HttpException(400, "header :authority: it is missing, as is Host");
        }
    }

    /** The refusal of a head that could not be read. */
    private static HttpException to(HeadDefect defect) {
        return switch (defect) {
            case LINE_TOO_LONG -> new Refusal(414, "the request line is too long");
            case HEADERS_TOO_LARGE -> new Refusal(431, "the headers are too large");
            case UNSUPPORTED_VERSION -> new Refusal(505, "only HTTP/1.0, HTTP/1.1 and HTTP/2 are supported");
            case MALFORMED -> new Refusal(400, "malformed request");
        };
    }

    /** Whether the request is to the server as a whole, whatever its routes: RFC 9110, 9.3.6 and 9.3.7. */
    static boolean isToServer(Head head) {
        return head.method().equals("CONNECT") || isOptionsOfServer(head);
    }

    private static boolean isOptionsOfServer(Head head) {
        return head.method().equals("OPTIONS") && head.target().equals("*");
    }

    /** The answer where the path leads to {@code match}, which has no route for the method. */
    static HttpHandler to(Head head, RouteTable.@Nullable Match match) {
        String method = head.method();
        if (match == null) {
            if (isOptionsOfServer(head)) {
                return (_, answer) -> answer.noContent();
            }
            return head.method().equals("CONNECT")
                    ? refusal(new HttpException(501, "CONNECT is not supported"))
                    : refusal(HttpException.notFound());
        }
        String allow = match.allow();
        return method.equals("OPTIONS")
                ? (_, answer) -> answer.header("Allow", allow).noContent()
                : refusal(new HttpException(
                        405, "the method " + method + " is not allowed for this path", Map.of("Allow", allow)));
    }

    private static HttpHandler refusal(HttpException refusal) {
        return (_, _) -> {
            throw refusal;
        };
    }
}
