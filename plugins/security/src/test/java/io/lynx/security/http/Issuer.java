package io.lynx.security.http;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An issuer of a test: it has keys and makes tokens, right ones and others. */
final class Issuer {
    static final String NAME = "https://id.example";
    static final RSAKey RSA = rsa("rsa-1");
    static final RSAKey OTHER_RSA = rsa("rsa-2");
    static final ECKey EC = ec("ec-1");
    private static final KeyPair EDWARDS = edwards();
    static final OctetKeyPair ED = edwardsKey("ed-1");

    private Issuer() {}

    private static RSAKey rsa(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).keyUse(KeyUse.SIGNATURE).generate();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static ECKey ec(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static KeyPair edwards() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static OctetKeyPair edwardsKey(String id) {
        // The last 32 bytes of the X.509 form are the key.
        byte[] encoded = ((EdECPublicKey) EDWARDS.getPublic()).getEncoded();
        return new OctetKeyPair.Builder(
                        Curve.Ed25519,
                        Base64URL.encode(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length)))
                .keyID(id)
                .build();
    }

    /** The document with these keys. */
    static String jwks(JWK... keys) {
        return new JWKSet(List.of(keys)).toString(true);
    }

    /** The claims of a token that is right at {@code now}. */
    static Map<String, Object> claims(Instant now) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", NAME);
        claims.put("sub", "alice");
        claims.put("aud", "orders");
        claims.put("exp", now.getEpochSecond() + 300);
        claims.put("iat", now.getEpochSecond());
        claims.put("roles", List.of("admin", "reader"));
        return claims;
    }

    static String token(Instant now) {
        return rs256(header("RS256", "rsa-1"), claims(now));
    }

    static Map<String, Object> header(String algorithm, String keyId) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", algorithm);
        header.put("kid", keyId);
        return header;
    }

    static String rs256(Map<String, Object> header, Map<String, Object> claims) {
        return rs256(JSONObjectUtils.toJSONString(header), JSONObjectUtils.toJSONString(claims), RSA);
    }

    static String rs256(String header, String claims, RSAKey key) {
        return signed(header, claims, input -> {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key.toPrivateKey());
            signature.update(input);
            return signature.sign();
        });
    }

    static String es256(Map<String, Object> claims) throws JOSEException {
        com.nimbusds.jose.JWSObject token = new com.nimbusds.jose.JWSObject(
                new com.nimbusds.jose.JWSHeader.Builder(JWSAlgorithm.ES256)
                        .keyID("ec-1")
                        .build(),
                new com.nimbusds.jose.Payload(claims));
        token.sign(new ECDSASigner(EC));
        return token.serialize();
    }

    static String ps256(Map<String, Object> claims) throws JOSEException {
        com.nimbusds.jose.JWSObject token = new com.nimbusds.jose.JWSObject(
                new com.nimbusds.jose.JWSHeader.Builder(JWSAlgorithm.PS256)
                        .keyID("rsa-1")
                        .build(),
                new com.nimbusds.jose.Payload(claims));
        token.sign(new RSASSASigner(RSA));
        return token.serialize();
    }

    static String edDsa(String algorithm, Map<String, Object> claims) {
        return signed(
                JSONObjectUtils.toJSONString(header(algorithm, "ed-1")),
                JSONObjectUtils.toJSONString(claims),
                input -> {
                    Signature signature = Signature.getInstance("Ed25519");
                    signature.initSign(EDWARDS.getPrivate());
                    signature.update(input);
                    return signature.sign();
                });
    }

    /** Makes a signature. */
    @FunctionalInterface
    interface Signer {
        byte[] sign(byte[] input) throws Exception;
    }

    static String signed(String header, String claims, Signer signer) {
        String input = base64(header) + "." + base64(claims);
        try {
            return input + "." + Base64URL.encode(signer.sign(input.getBytes(StandardCharsets.US_ASCII)));
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static String base64(String text) {
        return Base64URL.encode(text).toString();
    }
}
