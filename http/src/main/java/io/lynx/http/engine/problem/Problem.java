package io.lynx.http.engine.problem;

import io.lynx.http.HttpException;
import io.lynx.http.ValidationException;
import io.lynx.http.ValidationException.FieldError;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Writes {@code application/problem+json} (RFC 9457), without the JSON library: it must work when little else does. */
public final class Problem {
    public static final String TYPE = "application/problem+json";

    private Problem() {}

    public static byte[] json(HttpException problem, String requestId) {
        StringBuilder json = new StringBuilder(160).append("{\"type\":\"about:blank\",\"title\":");
        quote(json, title(problem.status()));
        json.append(",\"status\":").append(problem.status());
        if (!problem.detail().isEmpty()) {
            quote(json.append(",\"detail\":"), problem.detail());
        }
        quote(json.append(",\"request_id\":"), requestId);
        if (problem instanceof ValidationException invalid) {
            errors(json, invalid.errors());
        }
        return json.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void errors(StringBuilder json, List<FieldError> errors) {
        json.append(",\"errors\":[");
        for (int i = 0; i < errors.size(); i++) {
            FieldError error = errors.get(i);
            quote(json.append(i == 0 ? "{\"field\":" : ",{\"field\":"), error.field());
            if (!error.in().isEmpty()) {
                quote(json.append(",\"in\":"), error.in());
            }
            quote(json.append(",\"message\":"), error.message());
            json.append('}');
        }
        json.append(']');
    }

    static String title(int status) {
        return ReasonPhrases.of(status);
    }

    private static void quote(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    if (c < ' ' || (Character.isSurrogate(c) && !isPaired(text, i))) {
                        json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        json.append('"');
    }

    private static boolean isPaired(String text, int at) {
        return Character.isHighSurrogate(text.charAt(at))
                ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
                : at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
    }
}
