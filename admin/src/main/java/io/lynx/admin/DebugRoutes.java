package io.lynx.admin;

import io.lynx.http.HttpException;
import io.lynx.http.HttpHandler;
import io.lynx.http.Routes;
import io.lynx.http.StandardInterceptors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Turns the list of operations into routes below {@code /debug}, all behind one access interceptor. The index page
 * shows the same list. A path or method that is not in the list has a route too, so that access is checked before an
 * answer shows which paths exist. Immutable.
 */
final class DebugRoutes {
    private final AccessInterceptor access;
    private final boolean allowsChanges;
    private final HttpHandler index;
    private final List<Operation> operations;
    private final Supplier<List<Operation>> added;

    /**
     * Creates the routes.
     *
     * @param operations in the order in which the index shows them
     * @param added returns the operations that plugins have added, for the index
     */
    DebugRoutes(
            AccessInterceptor access,
            boolean allowsChanges,
            List<Operation> operations,
            Supplier<List<Operation>> added) {
        this.access = access;
        this.allowsChanges = allowsChanges;
        this.added = added;
        List<Operation> all = new ArrayList<>();
        this.index = (_, response) -> Documents.send(response, index());
        all.add(Operation.read("", "This list.", index));
        all.addAll(operations);
        this.operations = List.copyOf(all);
    }

    private byte[] index() {
        List<Operation> listed = new ArrayList<>(operations);
        listed.removeIf(operation -> !operation.isListed());
        listed.addAll(added.get());
        return DebugDocuments.index(listed, allowsChanges);
    }

    void addTo(Routes routes) {
        routes.path(Operation.ROOT, debug -> {
            // A page of another site, open in a browser on this machine, may send requests that look local.
            // It must not read the answers.
            debug.withoutInterceptor(StandardInterceptors.CORS)
                    // These pages have credentials of their own, which are not those of the service.
                    .withoutInterceptor(StandardInterceptors.AUTHENTICATION)
                    .withoutInterceptor(StandardInterceptors.AUTHORIZATION)
                    .intercept(access);
            Map<String, List<String>> methods = new LinkedHashMap<>();
            for (Operation operation : operations) {
                String template = operation.path().substring(Operation.ROOT.length());
                HttpHandler handler = operation.isChange() ? access.change(operation.handler()) : operation.handler();
                debug.route(operation.method(), template, handler);
                List<String> allowed = methods.computeIfAbsent(template, _ -> new ArrayList<>());
                if (operation.isListed()) {
                    allowed.add(operation.method());
                }
            }
            for (Map.Entry<String, List<String>> template : methods.entrySet()) {
                debug.any(template.getKey(), notAllowed(template.getValue()));
            }
            debug.get("", index);
            debug.any("", notAllowed(List.of("GET")));
            debug.any("/{page...}", (_, _) -> {
                throw HttpException.notFound();
            });
        });
    }

    private static HttpHandler notAllowed(List<String> methods) {
        String allow = String.join(", ", methods).replace("GET", "GET, HEAD");
        return (request, _) -> {
            if (allow.isEmpty()) {
                throw HttpException.notFound();
            }
            throw new HttpException(405, request.method() + " is not allowed here", Map.of("Allow", allow));
        };
    }
}
