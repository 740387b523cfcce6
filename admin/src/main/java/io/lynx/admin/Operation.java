package io.lynx.admin;

import io.lynx.http.HttpHandler;

/**
 * One operation under {@code /debug/}: an entry of the list that is both the routing table and the index page.
 *
 * @param method {@code GET} to read, {@code POST} to change something
 * @param path the template of its path
 * @param description one sentence; empty for a template that the index does not show
 * @param handler answers it
 */
record Operation(String method, String path, String description, HttpHandler handler) {
    static final String ROOT = "/debug";

    static Operation read(String path, String description, HttpHandler handler) {
        return new Operation("GET", ROOT + "/" + path, description, handler);
    }

    static Operation change(String path, String description, HttpHandler handler) {
        return new Operation("POST", ROOT + "/" + path, description, handler);
    }

    boolean isListed() {
        return !description.isEmpty();
    }

    boolean isChange() {
        return method.equals("POST");
    }
}
