package io.lynx.openapi;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the server answers to every request that fails: a problem (RFC 9457), described once. */
final class ProblemResponse {
    /** The name of the response and of its schema. */
    static final String NAME = "Problem";

    private ProblemResponse() {}

    static Map<String, Object> reference() {
        Map<String, Object> reference = new LinkedHashMap<>();
        reference.put("$ref", "#/components/responses/" + NAME);
        return reference;
    }

    static Map<String, Object> response() {
        Map<String, Object> response = new LinkedHashMap<>();
        response.put("description", "The request failed.");
        response.put(
                "content",
                Map.of("application/problem+json", Map.of("schema", Map.of("$ref", "#/components/schemas/" + NAME))));
        return response;
    }

    static Map<String, Object> schema() {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("type", described("string", "Always about:blank: the status tells the kind of the problem."));
        properties.put("title", described("string", "The meaning of the status."));
        properties.put("status", described("integer", "The status of the answer."));
        properties.put("detail", described("string", "What is wrong with this request."));
        properties.put("request_id", described("string", "Identifies the request in the logs of the service."));
        Map<String, Object> errors = described("array", "Every field or parameter that is at fault.");
        errors.put("items", object(error(), List.of("field", "message")));
        properties.put("errors", errors);
        return object(properties, List.of("type", "title", "status"));
    }

    private static Map<String, Object> error() {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put(
                "field", described("string", "Path in the body, such as lines[2].quantity, or name of a parameter."));
        properties.put("in", described("string", "Where a parameter is: query, path, header, cookie or form."));
        properties.put("message", described("string", "What is wrong and what is allowed."));
        return properties;
    }

    private static Map<String, Object> object(Map<String, Object> properties, List<String> required) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        schema.put("required", required);
        return schema;
    }

    private static Map<String, Object> described(String type, String description) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", type);
        schema.put("description", description);
        return schema;
    }
}
