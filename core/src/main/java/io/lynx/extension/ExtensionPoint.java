package io.lynx.extension;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a public type that users implement and the framework calls. The framework calls it through {@link UserCode}: an
 * exception that it throws is handled and attributed to it, and never ends a thread of the framework. A test finds the
 * marked types by reflection and calls each with hostile code.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface ExtensionPoint {
    /** The thread that calls it, such as {@code a virtual thread of its own} or {@code the caller's thread}. */
    String thread();

    /**
     * What limits the time of a call: a configuration key, an option, or {@code none} for code that runs inline; if
     * such code hangs, the report of the operation that waits for it shows that.
     */
    String deadline();
}
