package io.lynx.http.engine.binding;

import io.lynx.http.Request;
import io.lynx.http.ValidationException.FieldError;
import java.util.List;

/** Where a request has a parameter. */
public enum ParameterSource {
    /** In the query. */
    QUERY("query"),
    /** A variable of the route. */
    PATH("path"),
    /** In a header. */
    HEADER("header"),
    /** In a cookie. */
    COOKIE("cookie"),
    /** In a field of a form. */
    FORM("form");

    private final String text;

    ParameterSource(String text) {
        this.text = text;
    }

    /** Its name in answers. */
    public String text() {
        return text;
    }

    /** Returns what {@code request} has under that name; empty if there is nothing. */
    public List<String> texts(Request request, String name) {
        return switch (this) {
            case QUERY -> request.queryAll(name);
            case PATH -> List.of(request.path(name));
            case HEADER -> request.headers(name);
            case COOKIE -> request.cookies(name);
            case FORM -> request.form().values(name);
        };
    }

    /** Whether an answer may repeat the value: headers and cookies often hold credentials. */
    boolean isShown() {
        return this == QUERY || this == PATH || this == FORM;
    }

    /**
     * Returns whether there is one value, and records a problem if there are more. Clients send a cookie twice if it was set for two
     * paths, the more specific one first.
     */
    public boolean isSingle(List<String> texts, String name, List<FieldError> errors) {
        if (texts.size() == 1 || this == COOKIE) {
            return true;
        }
        errors.add(new FieldError(name, "occurs " + texts.size() + " times; once", text));
        return false;
    }
}
