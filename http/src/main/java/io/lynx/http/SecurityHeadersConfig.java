package io.lynx.http;

import io.lynx.config.Binding;
import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import io.lynx.http.engine.head.HeaderText;
import java.time.Duration;
import java.util.Optional;

/**
 * Headers that make browsers careful with answers. The section {@code lynx.http.security_headers} applies to a whole server;
 * {@link StandardInterceptors#securityHeaders} applies a configuration to a group or a route. Every configuration sets
 * {@code X-Content-Type-Options: nosniff}. A handler that sets one of the headers replaces its value. Immutable; each {@code with}
 * method returns a changed copy.
 *
 * @param enabled whether the section applies
 * @param frameOptions whether pages of other origins may show answers in frames
 * @param hstsMaxAge how long a browser that has used HTTPS uses nothing else, set on answers over HTTPS only; zero for no rule
 * @param hstsIncludeSubdomains whether that applies to hosts below this one too
 * @param contentSecurityPolicy the header {@code Content-Security-Policy}; empty for none
 * @param referrerPolicy the header {@code Referrer-Policy}
 */
public record SecurityHeadersConfig(
        @Doc("Whether answers carry headers that make browsers careful") @Default("false")
        boolean enabled,

        @Doc("Whether pages of other origins may show answers in frames") @Default("deny")
        FrameOptions frameOptions,

        @Doc("How long a browser that has used HTTPS uses nothing else; sent over HTTPS only; 0s for no rule")
        @Default("365d")
        @Range(min = "0s")
        Duration hstsMaxAge,

        @Doc("Whether that applies to hosts below this one too") @Default("false")
        boolean hstsIncludeSubdomains,

        @Doc("The header Content-Security-Policy, such as default-src 'self'")
        Optional<String> contentSecurityPolicy,

        @Doc("The header Referrer-Policy") @Default("no-referrer")
        String referrerPolicy) {
    /** Who may show answers in frames. Immutable and thread-safe. */
    public enum FrameOptions {
        /** No page. */
        DENY,
        /** Pages of the same origin. */
        SAMEORIGIN,
        /** Every page; the header is not set. */
        ANY
    }

    /**
     * A configuration with these components.
     *
     * @throws IllegalArgumentException if a text cannot be the value of a header
     */
    public SecurityHeadersConfig {
        contentSecurityPolicy.ifPresent(policy -> HeaderText.requireValue("content_security_policy", policy));
        HeaderText.requireValue("referrer_policy", referrerPolicy);
    }

    /** Returns the configuration in which no key is set. */
    public static SecurityHeadersConfig defaults() {
        return Binding.defaults(SecurityHeadersConfig.class);
    }

    /** Returns a copy with a policy of its own for content. */
    public SecurityHeadersConfig withContentSecurityPolicy(String policy) {
        return new SecurityHeadersConfig(
                enabled, frameOptions, hstsMaxAge, hstsIncludeSubdomains, Optional.of(policy), referrerPolicy);
    }

    /** Returns a copy that allows frames otherwise. */
    public SecurityHeadersConfig withFrameOptions(FrameOptions options) {
        return new SecurityHeadersConfig(
                enabled, options, hstsMaxAge, hstsIncludeSubdomains, contentSecurityPolicy, referrerPolicy);
    }
}
