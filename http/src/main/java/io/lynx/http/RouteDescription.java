package io.lynx.http;

import io.lynx.http.DescribedRoute.Access;
import io.lynx.http.DescribedRoute.Answer;
import io.lynx.http.DescribedRoute.Content;
import io.lynx.http.DescribedRoute.Input;
import io.lynx.http.engine.binding.ParameterInputs;
import io.lynx.json.TypeOf;
import java.lang.reflect.Type;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Collects what a route does, for documents such as that of OpenAPI. {@link RouteOptions#describe} and {@link Routes#describe} fill it
 * in, and so do {@link TypedHandler typed handlers} and {@linkplain Interceptor#describe interceptors}. A text that is set twice has the
 * value of the innermost: that of the route rather than that of its group. Everything is optional. The description changes nothing about
 * how requests are answered. Not thread-safe.
 */
public final class RouteDescription {
    private static final String JSON = "application/json";

    private final String method;
    private final String template;
    private final List<String> variables;
    private final String plugin;
    private String operation = "";
    private String summary = "";
    private String text = "";
    private final Set<String> tags = new LinkedHashSet<>();
    private boolean isDeprecated;
    private boolean isHidden;
    private final Map<String, Input> inputs = new LinkedHashMap<>();
    private final Map<String, Content> bodies = new LinkedHashMap<>();
    private final TreeMap<Integer, Answer> answers = new TreeMap<>();
    private final Set<SecurityScheme> schemes = new LinkedHashSet<>();
    private Access access = Access.ANYONE;
    private List<String> roles = List.of();

    RouteDescription(String method, String template, List<String> variables, String plugin) {
        this.method = method;
        this.template = template;
        this.variables = variables;
        this.plugin = plugin;
    }

    /** Sets what the route does, in a few words. */
    public RouteDescription summary(String words) {
        this.summary = words;
        return this;
    }

    /** Sets the longer text, which may be CommonMark. */
    public RouteDescription description(String text) {
        this.text = text;
        return this;
    }

    /** Sets the name of the operation in generated clients, such as {@code createOrder}; it is unique in a service. */
    public RouteDescription operation(String name) {
        this.operation = name;
        return this;
    }

    /** Adds headings under which documents list the route. */
    public RouteDescription tags(String... names) {
        Collections.addAll(tags, names);
        return this;
    }

    /** Marks the route as one that clients should no longer use. */
    public RouteDescription deprecated() {
        this.isDeprecated = true;
        return this;
    }

    /** Leaves the route out of documents. */
    public RouteDescription hide() {
        this.isHidden = true;
        return this;
    }

    /**
     * Adds the parameters that {@link Request#bind} reads into that record.
     *
     * @throws IllegalArgumentException if the record cannot be bound
     */
    public RouteDescription parameters(Class<? extends Record> type) {
        ParameterInputs.of(type, variables).forEach(this::add);
        return this;
    }

    /** Describes a variable of the template. */
    public RouteDescription path(String variable, Class<?> type, String description) {
        return add(input(variable, "path", type, true, description));
    }

    /** Adds an optional parameter of the query. */
    public RouteDescription query(String name, Class<?> type, String description) {
        return add(input(name, "query", type, false, description));
    }

    /** Adds a header that requests may have. */
    public RouteDescription header(String name, Class<?> type, String description) {
        return add(input(name, "header", type, false, description));
    }

    private static Input input(String name, String in, Class<?> type, boolean isRequired, String description) {
        return new Input(name, in, description, type, isRequired, false, "", "", Optional.empty(), Optional.empty());
    }

    private RouteDescription add(Input input) {
        inputs.put(input.in() + " " + input.name(), input);
        return this;
    }

    /** Adds the type that {@link Request#json} reads. */
    public RouteDescription body(Class<?> type) {
        return body(JSON, Optional.of(type));
    }

    /** Adds the type that {@link Request#json} reads. */
    public RouteDescription body(TypeOf<?> type) {
        return body(JSON, Optional.of(type.type()));
    }

    /** Adds a body that is not JSON, such as {@code text/csv}. */
    public RouteDescription body(String mediaType) {
        return body(mediaType, Optional.empty());
    }

    private RouteDescription body(String mediaType, Optional<Type> type) {
        bodies.put(mediaType, new Content(type));
        return this;
    }

    /** Adds an answer of that status whose body is JSON. */
    public RouteDescription answers(int status, Class<?> type) {
        return answers(status, JSON, Optional.of(type));
    }

    /** Adds an answer of that status whose body is JSON. */
    public RouteDescription answers(int status, TypeOf<?> type) {
        return answers(status, JSON, Optional.of(type.type()));
    }

    /** Adds an answer of that status whose body is not JSON, such as {@code text/event-stream}. */
    public RouteDescription answers(int status, String mediaType) {
        return answers(status, mediaType, Optional.empty());
    }

    private RouteDescription answers(int status, String mediaType, Optional<Type> type) {
        Map<String, Content> contents = new LinkedHashMap<>(answer(status).contents());
        contents.put(mediaType, new Content(type));
        answers.put(status, new Answer(status, answer(status).description(), contents));
        return this;
    }

    /** Adds an answer of that status, or describes one that has a body; {@code problem+json} above 399 if no other body is known. */
    public RouteDescription answers(int status) {
        answers.put(status, answer(status));
        return this;
    }

    /** Describes what an answer of that status means. */
    public RouteDescription meaning(int status, String description) {
        answers.put(status, new Answer(status, description, answer(status).contents()));
        return this;
    }

    private Answer answer(int status) {
        if (status < 100 || status > 599) {
            throw new IllegalArgumentException("route description: status " + status + "; 100 to 599");
        }
        Answer known = answers.get(status);
        return known == null ? new Answer(status, "", Map.of()) : known;
    }

    /** Adds ways in which clients may authenticate; one of them is enough. */
    public RouteDescription authentication(SecurityScheme... anyOf) {
        Collections.addAll(schemes, anyOf);
        return this;
    }

    /** Tells that everyone may use the route. */
    public RouteDescription anonymous() {
        return access(Access.ANYONE);
    }

    /** Tells that everyone may use the route, and that clients may authenticate. */
    public RouteDescription optionallyAuthenticated() {
        return access(Access.OPTIONAL);
    }

    /** Tells that clients must authenticate, and which roles they need one of. */
    public RouteDescription authenticated(String... anyRole) {
        return access(Access.AUTHENTICATED, anyRole);
    }

    private RouteDescription access(Access level, String... anyRole) {
        this.access = level;
        this.roles = List.of(anyRole);
        return this;
    }

    DescribedRoute described() {
        return new DescribedRoute(
                method,
                template,
                variables,
                plugin,
                operation,
                summary,
                text,
                List.copyOf(tags),
                isDeprecated,
                isHidden,
                List.copyOf(inputs.values()),
                Collections.unmodifiableMap(new LinkedHashMap<>(bodies)),
                List.copyOf(answers.values()),
                List.copyOf(schemes),
                access,
                roles);
    }
}
