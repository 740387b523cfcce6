package io.lynx.security.http;

import io.lynx.http.Request;
import io.lynx.security.Authenticator.Credentials;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;

/** What an HTTP request presents by its headers and its connection; never by its query or its cookies. */
record RequestCredentials(Request request) implements Credentials {
    @Override
    public List<String> headers(String name) {
        return request.headers(name);
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return request.remoteAddress();
    }

    @Override
    public List<X509Certificate> certificates() {
        return request.clientCertificates();
    }
}
