/** A second package with types of the same names. */
@org.jspecify.annotations.NullMarked
package io.lynx.openapi.other;
