package io.lynx.admin;

import io.lynx.http.HttpException;
import io.lynx.http.Request;
import io.lynx.http.Response;

/** Sends JSON documents and reads the parameters of pages. */
final class Documents {
    private Documents() {}

    static void send(Response response, byte[] json) {
        response.type("application/json").send(json);
    }

    /** Returns whether {@code ?format=} requests {@code special} instead of {@code usual}. */
    static boolean isAskedFor(Request request, String special, String usual) {
        String format = request.query("format").orElse(usual);
        if (!format.equals(special) && !format.equals(usual)) {
            throw new HttpException(400, "format: '" + format + "'; " + usual + " or " + special);
        }
        return format.equals(special);
    }

    /** Returns the value of {@code ?limit=}. */
    static int limit(Request request, int usual, int most) {
        String text = request.query("limit").orElse(Integer.toString(usual));
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= most) {
                return limit;
            }
        } catch (NumberFormatException notANumber) {
            // Refused below, like a number out of range.
        }
        throw new HttpException(400, "limit: '" + text + "'; 1 to " + most);
    }
}
