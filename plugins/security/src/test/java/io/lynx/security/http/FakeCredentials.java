package io.lynx.security.http;

import io.lynx.security.Authenticator.Credentials;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;

/** Credentials of a caller at an address, which is not resolved, as in requests. */
record FakeCredentials(String name, List<String> values, InetSocketAddress remoteAddress) implements Credentials {
    static FakeCredentials with(String name, String... values) {
        return new FakeCredentials(name, List.of(values), InetSocketAddress.createUnresolved("203.0.113.7", 5000));
    }

    static FakeCredentials bearer(String token) {
        return with("authorization", "Bearer " + token);
    }

    FakeCredentials from(String address) {
        return new FakeCredentials(name, values, InetSocketAddress.createUnresolved(address, 5000));
    }

    @Override
    public List<String> headers(String header) {
        return header.equalsIgnoreCase(name) ? values : List.of();
    }

    @Override
    public List<X509Certificate> certificates() {
        return List.of();
    }
}
