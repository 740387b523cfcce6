/** Who may call a service: with a provider of tokens that is a process of its own, and with tokens for development. */
@NullMarked
package io.lynx.systemtest.security;

import org.jspecify.annotations.NullMarked;
