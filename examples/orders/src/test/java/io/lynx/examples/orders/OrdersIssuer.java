package io.lynx.examples.orders;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.lynx.http.HttpServer;
import io.lynx.testkit.LynxTest;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** An issuer of bearer tokens, which publishes its key. */
final class OrdersIssuer implements AutoCloseable {
    private static final String KEYS = "/keys";

    private final ECKey key;
    private final LynxTest service;

    OrdersIssuer() throws JOSEException {
        key = new ECKeyGenerator(Curve.P_256).keyID("test").generate();
        String published = new JWKSet(key.toPublicJWK()).toString();
        service = LynxTest.of(HttpServer.with(http -> http.get(
                        KEYS, (_, response) -> response.type("application/json").send(published))))
                .with("lynx.http.host", "127.0.0.1")
                .with("lynx.http.port", "0")
                .start();
    }

    /** Makes a service accept its tokens. */
    LynxTest.Builder trustedBy(LynxTest.Builder orders) {
        return orders.with("lynx.security.issuers.test.issuer", service.url().toString())
                .with(
                        "lynx.security.issuers.test.jwks_url",
                        service.url().resolve(KEYS).toString())
                .with("lynx.security.issuers.test.audiences", "orders");
    }

    /** Returns a token of a caller with these roles. */
    String token(String caller, String... roles) throws JOSEException {
        JWSObject token = new JWSObject(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("test").build(),
                new Payload(Map.of(
                        "iss",
                        service.url().toString(),
                        "aud",
                        "orders",
                        "sub",
                        caller,
                        "roles",
                        List.of(roles),
                        "exp",
                        Instant.now().getEpochSecond() + 600)));
        token.sign(new ECDSASigner(key));
        return token.serialize();
    }

    @Override
    public void close() {
        service.close();
    }
}
