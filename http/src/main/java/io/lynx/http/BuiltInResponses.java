package io.lynx.http;

import io.lynx.transport.Head;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the server answers itself, where no route does: {@code OPTIONS}, and refusals of a path or a method. */
final class BuiltInResponses {
    private BuiltInResponses() {}

    /** Whether the request is to the server as a whole, whatever its routes: RFC 9110, 9.3.6 and 9.3.7. */
    static boolean isToServer(Head head) {
        return head.method().equals("CONNECT") || isOptionsOfServer(head);
    }

    private static boolean isOptionsOfServer(Head head) {
        return head.method().equals("OPTIONS") && head.target().equals("*");
    }

    /** The answer where the path leads to {@code match}, which has no route for the method. */
    static Handler to(Head head, RouteTable.@Nullable Match match) {
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
                : refusal(new HttpException(405, method + " is not allowed here", Map.of("Allow", allow)));
    }

    private static Handler refusal(HttpException refusal) {
        return (_, _) -> {
            throw refusal;
        };
    }
}
