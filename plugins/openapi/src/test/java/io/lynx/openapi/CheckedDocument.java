package io.lynx.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.lynx.json.jackson.JacksonCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A document that a validator has accepted: it follows the schema of OpenAPI 3.1, its schemas follow JSON Schema 2020-12, every reference
 * leads somewhere, and every variable of a path has a parameter.
 */
final class CheckedDocument {
    private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private static final Schema OPENAPI = REGISTRY.getSchema(resource("/openapi-3.1/schema.json"), InputFormat.JSON);
    private static final Schema SCHEMA = REGISTRY.getSchema(SchemaLocation.of(DIALECT));

    final JsonNode json;

    private CheckedDocument(JsonNode json) {
        this.json = json;
    }

    static CheckedDocument of(String text) {
        assertThat(OPENAPI.validate(text, InputFormat.JSON)).isEmpty();
        CheckedDocument document = new CheckedDocument(MAPPER.readTree(text));
        document.schemas()
                .forEachEntry((name, schema) ->
                        assertThat(SCHEMA.validate(schema)).as(name).isEmpty());
        document.checkReferences(document.json);
        document.checkPaths();
        return document;
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(CheckedDocument.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private void checkReferences(JsonNode node) {
        if (node.has("$ref") && node.get("$ref").isString()) {
            String reference = node.get("$ref").stringValue();
            assertThat(reference).startsWith("#/");
            assertThat(json.at(reference.substring(1)).isMissingNode())
                    .as(reference)
                    .isFalse();
        }
        if (node.has("mapping")) {
            node.get("mapping").forEach(target -> assertThat(
                            json.at(target.stringValue().substring(1)).isMissingNode())
                    .as(target.stringValue())
                    .isFalse());
        }
        node.forEach(this::checkReferences);
    }

    private void checkPaths() {
        Set<String> operations = new HashSet<>();
        json.get("paths")
                .forEachEntry((path, item) -> item.forEachEntry((method, operation) -> {
                    assertThat(operations.add(operation.get("operationId").stringValue()))
                            .as("%s %s", method, path)
                            .isTrue();
                    Set<String> variables = new HashSet<>();
                    Pattern.compile("\\{(\\w+)}")
                            .matcher(path)
                            .results()
                            .forEach(match -> variables.add(match.group(1)));
                    Set<String> described = new HashSet<>();
                    operation.path("parameters").forEach(parameter -> {
                        if (parameter.get("in").stringValue().equals("path")) {
                            described.add(parameter.get("name").stringValue());
                        }
                    });
                    assertThat(described).as("%s %s", method, path).isEqualTo(variables);
                }));
    }

    JsonNode at(String pointer) {
        return json.at(pointer);
    }

    JsonNode schemas() {
        return json.at("/components/schemas");
    }

    JsonNode schema(String name) {
        assertThat(schemas().has(name))
                .as("%s in %s", name, schemas().propertyNames())
                .isTrue();
        return schemas().get(name);
    }

    JsonNode operation(String method, String path) {
        JsonNode operation = json.get("paths").path(path).path(method);
        assertThat(operation.isMissingNode())
                .as("%s %s in %s", method, path, json.get("paths").propertyNames())
                .isFalse();
        return operation;
    }

    /** Whether the schema of that name accepts a value as the codec writes it. */
    List<String> problemsOf(String name, JacksonCodec codec, Object value) {
        return problemsOf(name, new String(codec.write(value), StandardCharsets.UTF_8));
    }

    List<String> problemsOf(String name, String value) {
        ObjectNode whole = MAPPER.createObjectNode();
        whole.put("$schema", DIALECT);
        whole.put("$ref", "#/components/schemas/" + name);
        whole.set("components", json.get("components"));
        return REGISTRY
                .getSchema(whole)
                .validate(
                        value,
                        InputFormat.JSON,
                        (com.networknt.schema.ExecutionContext context) ->
                                context.executionConfig(config -> config.formatAssertionsEnabled(true)))
                .stream()
                .map(Object::toString)
                .toList();
    }
}
