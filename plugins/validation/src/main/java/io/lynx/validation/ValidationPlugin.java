package io.lynx.validation;

import io.lynx.http.HttpServer;
import io.lynx.http.RequestValidator;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.util.function.Function;

/**
 * Checks what handlers read from requests by the annotations of its types, before they receive it. The library that does so is on the
 * application's class path: Hibernate Validator for those of Jakarta Validation, or avaje-validator for its own. A server with a
 * validator of its own uses that. Thread-safe.
 */
public final class ValidationPlugin implements Plugin {
    private static final String HIBERNATE = "org.hibernate.validator.HibernateValidator";
    private static final String AVAJE = "io.avaje.validation.Validator";

    private final Function<String, Boolean> library;

    /** Creates the plugin. */
    public ValidationPlugin() {
        this(ValidationPlugin::isPresent);
    }

    ValidationPlugin(Function<String, Boolean> library) {
        this.library = library;
    }

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of(HttpServer.VALIDATION)
                .name("Validation")
                .automatic()
                .build();
    }

    @Override
    public void start(PluginContext context) {
        context.share(HttpServer.VALIDATOR, validator(context));
    }

    private RequestValidator validator(PluginContext context) {
        boolean hasHibernate = library.apply(HIBERNATE);
        boolean hasAvaje = library.apply(AVAJE);
        if (hasHibernate && hasAvaje) {
            throw new IllegalStateException(
                    "validation: Hibernate Validator and avaje-validator are both on the class path; remove one of them");
        }
        if (hasHibernate) {
            JakartaValidator validator = JakartaValidator.create(context.json());
            return context.own(validator);
        }
        if (hasAvaje) {
            return AvajeValidator.create();
        }
        throw new IllegalStateException("validation: no library is on the class path; add"
                + " org.hibernate.validator:hibernate-validator or io.avaje:avaje-validator");
    }

    private static boolean isPresent(String type) {
        ClassLoader application = Thread.currentThread().getContextClassLoader();
        ClassLoader loader = application == null ? ValidationPlugin.class.getClassLoader() : application;
        return loader.getResource(type.replace('.', '/') + ".class") != null;
    }
}
