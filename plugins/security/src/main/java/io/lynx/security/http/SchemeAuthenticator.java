package io.lynx.security.http;

import io.lynx.security.Authenticator;

/**
 * An authenticator and the kind of credentials that it checks.
 *
 * @param scheme for metrics and answers
 */
record SchemeAuthenticator(CredentialScheme scheme, Authenticator authenticator) {}
