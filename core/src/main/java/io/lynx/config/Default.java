package io.lynx.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The value of a key that no source sets, written as in YAML. A component without this annotation is null if it is
 * {@code @Nullable}; empty if it is an {@link java.util.Optional}, a list or a map; bound to its own defaults if it is
 * a record; and required otherwise.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {
    /** The text. */
    String value();
}
