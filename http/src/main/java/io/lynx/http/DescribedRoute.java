package io.lynx.http;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known about a route without calling it: its method and template, and what {@link RouteDescription} has collected. Immutable.
 *
 * @param method the method; {@code *} for every method without a route of its own
 * @param template the template, such as {@code /orders/{id}}
 * @param variables the variables of the template, in their order
 * @param plugin the id of the plugin that added it; empty for the server's own
 * @param operation the name of the operation in generated clients; empty if none was given
 * @param isHidden whether it is left out of documents
 * @param inputs the parameters that are known
 * @param bodies what its body may be, by media type; empty if it reads none
 * @param answers the answers that are known, in the order of their status
 * @param schemes the ways in which clients may authenticate
 * @param access who may use it
 * @param roles the roles of which a client needs one; empty if any will do
 */
public record DescribedRoute(
        String method,
        String template,
        List<String> variables,
        String plugin,
        String operation,
        String summary,
        String description,
        List<String> tags,
        boolean isDeprecated,
        boolean isHidden,
        List<Input> inputs,
        Map<String, Content> bodies,
        List<Answer> answers,
        List<SecurityScheme> schemes,
        Access access,
        List<String> roles) {

    /** Who may use a route. */
    public enum Access {
        /** Everyone. */
        ANYONE,
        /** Everyone; a client that authenticates is known to the handler. */
        OPTIONAL,
        /** Clients that have authenticated. */
        AUTHENTICATED
    }

    /**
     * A parameter. Its text has the form that {@link Parameter} describes.
     *
     * @param in {@code query}, {@code path}, {@code header} or {@code cookie}
     * @param type the type of one value
     * @param isList whether it may occur several times
     * @param min the least value, as text; empty for no bound
     * @param max the greatest value, as text; empty for no bound
     * @param byDefault its value if a request does not have it, as text; empty if there is none
     * @param declaration the record component that declares it; empty if none does
     */
    public record Input(
            String name,
            String in,
            String description,
            Class<?> type,
            boolean isRequired,
            boolean isList,
            String min,
            String max,
            Optional<String> byDefault,
            Optional<AnnotatedElement> declaration) {}

    /**
     * A body of a request or an answer.
     *
     * @param type its type in Java if it is JSON; empty if it is not, or the type is not known
     */
    public record Content(Optional<Type> type) {}

    /**
     * An answer.
     *
     * @param contents what its body may be, by media type; empty if it has none
     */
    public record Answer(int status, String description, Map<String, Content> contents) {}
}
