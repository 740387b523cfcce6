package io.lynx.security.http;

import com.nimbusds.jose.JWSHeader;
import java.util.List;

/** Finds the keys of an issuer. Implementations are thread-safe. */
@FunctionalInterface
interface KeyFinder {
    /**
     * Returns the keys by which a token with that header can be signed; none if the issuer has no such key.
     *
     * @throws UnjudgedException if that is not known now
     */
    List<VerificationKey> find(JWSHeader header, SignatureAlgorithm algorithm) throws UnjudgedException;
}
