/** Validation of what handlers read from requests, by Jakarta Validation or avaje-validator. */
@org.jspecify.annotations.NullMarked
module io.lynx.validation {
    requires transitive io.lynx.core;
    requires io.lynx.http;
    requires static io.avaje.validation;
    requires static jakarta.validation;
    requires static org.hibernate.validator;

    exports io.lynx.validation;

    provides io.lynx.plugin.Plugin with
            io.lynx.validation.ValidationPlugin;
}
