package io.lynx.openapi;

import io.lynx.http.DescribedRoute;
import io.lynx.http.DescribedRoute.Access;
import io.lynx.http.DescribedRoute.Answer;
import io.lynx.http.DescribedRoute.Content;
import io.lynx.http.DescribedRoute.Input;
import io.lynx.http.SecurityScheme;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes what is known about one route as an Operation Object. Not thread-safe.
 *
 * @param operations the names of operations that are taken
 * @param own the template of the route
 * @param common that of the path, which may have other names for its variables
 */
record OperationWriter(
        SchemaBook schemas,
        SecuritySchemes security,
        Set<String> operations,
        DescribedRoute route,
        PathTemplate own,
        PathTemplate common) {

    Map<String, Object> operation() {
        Map<String, Object> operation = new LinkedHashMap<>();
        if (!route.tags().isEmpty()) {
            operation.put("tags", route.tags());
        }
        putText(operation, "summary", route.summary());
        putText(operation, "description", route.description());
        operation.put("operationId", name());
        List<Object> parameters = parameters();
        if (!parameters.isEmpty()) {
            operation.put("parameters", parameters);
        }
        if (!route.bodies().isEmpty()) {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("content", contents(route.bodies()));
            body.put("required", true);
            operation.put("requestBody", body);
        }
        operation.put("responses", responses());
        if (route.isDeprecated()) {
            operation.put("deprecated", true);
        }
        List<Object> requirements = requirements();
        if (!requirements.isEmpty()) {
            operation.put("security", requirements);
        }
        return operation;
    }

    private static void putText(Map<String, Object> into, String key, String text) {
        if (!text.isEmpty()) {
            into.put(key, text);
        }
    }

    private String name() {
        String given = route.operation();
        String base = given.isEmpty() ? own.operation(route.method().toLowerCase(Locale.ROOT)) : given;
        String name = base;
        for (int number = 2; !operations.add(name); number++) {
            name = base + "_" + number;
        }
        return name;
    }

    private List<Object> parameters() {
        List<Object> parameters = new ArrayList<>();
        for (int i = 0; i < own.variables().size(); i++) {
            String variable = own.variables().get(i);
            Input known = route.inputs().stream()
                    .filter(input -> input.in().equals("path") && input.name().equals(variable))
                    .findFirst()
                    .orElse(null);
            boolean isTail = own.hasTail() && i == own.variables().size() - 1;
            parameters.add(variable(common.variables().get(i), known, isTail));
        }
        for (Input input : route.inputs()) {
            if (!input.in().equals("path")) {
                parameters.add(parameter(input));
            }
        }
        return parameters;
    }

    private static Map<String, Object> variable(String name, @Nullable Input known, boolean isTail) {
        Map<String, Object> parameter = new LinkedHashMap<>();
        parameter.put("name", name);
        parameter.put("in", "path");
        String note = isTail ? "One or more segments, with the slashes between them." : "";
        putText(parameter, "description", known == null ? note : described(known, note));
        parameter.put("required", true);
        parameter.put("schema", known == null ? Map.of("type", "string") : ParameterSchemas.of(known));
        return parameter;
    }

    private static Map<String, Object> parameter(Input input) {
        Map<String, Object> parameter = new LinkedHashMap<>();
        parameter.put("name", input.name());
        parameter.put("in", input.in());
        putText(parameter, "description", described(input, ""));
        if (input.isRequired()) {
            parameter.put("required", true);
        }
        parameter.put("schema", ParameterSchemas.of(input));
        return parameter;
    }

    private static String described(Input input, String note) {
        List<String> texts = new ArrayList<>(List.of(input.description(), ParameterSchemas.note(input), note));
        texts.removeIf(String::isEmpty);
        return String.join(" ", texts);
    }

    private Map<String, Object> contents(Map<String, Content> contents) {
        Map<String, Object> written = new LinkedHashMap<>();
        contents.forEach((mediaType, content) -> {
            Map<String, Object> media = new LinkedHashMap<>();
            if (content.type().isPresent()) {
                media.put("schema", schemas.of(content.type().get()));
            } else if (mediaType.startsWith("text/")) {
                media.put("schema", Map.of("type", "string"));
            }
            written.put(mediaType, media);
        });
        return written;
    }

    private Map<String, Object> responses() {
        Map<String, Object> responses = new TreeMap<>();
        boolean isSuccessKnown = false;
        for (Answer answer : route.answers()) {
            isSuccessKnown |= answer.status() < 400;
            responses.put(Integer.toString(answer.status()), response(answer));
        }
        if (!isSuccessKnown) {
            responses.put("2XX", Map.of("description", "The request succeeded."));
        }
        if (route.access() != Access.ANYONE) {
            Object _ = responses.putIfAbsent("401", ProblemResponse.reference());
        }
        if (!route.roles().isEmpty()) {
            Object _ = responses.putIfAbsent("403", ProblemResponse.reference());
        }
        responses.put("default", ProblemResponse.reference());
        return responses;
    }

    private Map<String, Object> response(Answer answer) {
        if (answer.status() >= 400 && answer.contents().isEmpty()) {
            Map<String, Object> reference = ProblemResponse.reference();
            putText(reference, "description", answer.description());
            return reference;
        }
        Map<String, Object> response = new LinkedHashMap<>();
        response.put("description", answer.description().isEmpty() ? title(answer.status()) : answer.description());
        if (!answer.contents().isEmpty()) {
            response.put("content", contents(answer.contents()));
        }
        return response;
    }

    private static String title(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 201 -> "Created";
            case 202 -> "Accepted";
            case 204 -> "No content";
            case 304 -> "Not modified";
            default ->
                status < 300 ? "The request succeeded." : status < 400 ? "Another location." : "The request failed.";
        };
    }

    private List<Object> requirements() {
        if (route.access() == Access.ANYONE || route.schemes().isEmpty()) {
            return List.of();
        }
        List<Object> requirements = new ArrayList<>();
        if (route.access() == Access.OPTIONAL) {
            requirements.add(Map.of());
        }
        for (SecurityScheme scheme : route.schemes()) {
            String name = security.name(scheme);
            if (route.roles().isEmpty()) {
                requirements.add(Map.of(name, List.of()));
            }
            // One of the requirements is enough, while all roles of one requirement would be needed.
            route.roles().forEach(role -> requirements.add(Map.of(name, List.of(role))));
        }
        return requirements;
    }
}
