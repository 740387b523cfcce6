package io.lynx.openapi;

import io.lynx.app.ApplicationConfig;
import io.lynx.http.DescribedRoute;
import io.lynx.json.JsonCodec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Makes one document of OpenAPI 3.1. Its order depends on paths, methods and names alone, so every instance of a service has the same
 * one. Not thread-safe.
 */
final class OpenApiDocument {
    /** The methods that OpenAPI has, in its order. */
    private static final List<String> METHODS =
            List.of("GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE");

    /** A variable comes before a tail, since a path of OpenAPI can be only one of the two. */
    private static final Comparator<Shown> ORDER = Comparator.comparing(
                    (Shown each) -> each.template().shape())
            .thenComparing(each -> each.template().hasTail())
            .thenComparingInt(each -> METHODS.indexOf(each.route().method()));

    private final OpenApiConfig config;
    private final ApplicationConfig application;
    private final SchemaBook schemas;
    private final SecuritySchemes security = new SecuritySchemes();
    private final Set<String> operations = new HashSet<>();

    /** A route that is part of the document. */
    private record Shown(DescribedRoute route, PathTemplate template) {}

    OpenApiDocument(OpenApiConfig config, ApplicationConfig application, JsonCodec codec) {
        this.config = config;
        this.application = application;
        this.schemas = new SchemaBook(codec);
    }

    Map<String, Object> of(List<DescribedRoute> routes) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("openapi", "3.1.0");
        document.put("info", info());
        if (!config.servers().isEmpty()) {
            document.put(
                    "servers",
                    config.servers().stream().map(url -> Map.of("url", url)).toList());
        }
        document.put("paths", paths(routes));
        document.put("components", components());
        return document;
    }

    private Map<String, Object> info() {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("title", config.title().orElse(application.name()));
        info.put("version", config.version().orElse(application.version()));
        if (!config.description().isEmpty()) {
            info.put("description", config.description());
        }
        return info;
    }

    private Map<String, Object> paths(List<DescribedRoute> routes) {
        List<Shown> shown = new ArrayList<>();
        for (DescribedRoute route : routes) {
            if (isShown(route)) {
                shown.add(new Shown(route, PathTemplate.of(route.template())));
            }
        }
        shown.sort(ORDER);
        Map<String, Map<String, Object>> byShape = new LinkedHashMap<>();
        Map<String, PathTemplate> templates = new LinkedHashMap<>();
        for (Shown each : shown) {
            PathTemplate own = each.template();
            PathTemplate common = templates.computeIfAbsent(own.shape(), _ -> own);
            Map<String, Object> item = byShape.computeIfAbsent(own.shape(), _ -> new LinkedHashMap<>());
            String method = each.route().method().toLowerCase(Locale.ROOT);
            if (!item.containsKey(method)) {
                item.put(
                        method,
                        new OperationWriter(schemas, security, operations, each.route(), own, common).operation());
            }
        }
        Map<String, Object> paths = new LinkedHashMap<>();
        byShape.forEach((shape, item) -> {
            PathTemplate template = templates.get(shape);
            if (template != null) {
                paths.put(template.path(), item);
            }
        });
        return paths;
    }

    private boolean isShown(DescribedRoute route) {
        return !route.isHidden()
                && METHODS.contains(route.method())
                && !config.hiddenPlugins().contains(route.plugin());
    }

    private Map<String, Object> components() {
        Map<String, Object> components = new LinkedHashMap<>();
        Map<String, Object> all = schemas.components(Set.of(ProblemResponse.NAME));
        all.put(ProblemResponse.NAME, ProblemResponse.schema());
        components.put("schemas", all);
        components.put("responses", Map.of(ProblemResponse.NAME, ProblemResponse.response()));
        if (!security.isEmpty()) {
            components.put("securitySchemes", security.components());
        }
        return components;
    }
}
