/** Validation of what handlers read from requests, by Jakarta Validation or avaje-validator. */
@NullMarked
package io.lynx.validation;

import org.jspecify.annotations.NullMarked;
