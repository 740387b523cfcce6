package io.lynx.security.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.http.Request;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an application's own check can read of a request. */
class RequestCredentialsTest {
    private final InetSocketAddress client = InetSocketAddress.createUnresolved("203.0.113.7", 5000);
    private final List<X509Certificate> chain = new ArrayList<>();

    private Object answer(String method) {
        return switch (method) {
            case "headers" -> List.of("one", "two");
            case "remoteAddress" -> client;
            case "clientCertificates" -> chain;
            default -> throw new IllegalStateException(method);
        };
    }

    @Test
    void areThoseOfTheRequestAndOfItsConnection() {
        Request request = (Request) Proxy.newProxyInstance(
                Request.class.getClassLoader(),
                new Class<?>[] {Request.class},
                (_, method, _) -> answer(method.getName()));
        RequestCredentials credentials = new RequestCredentials(request);

        assertThat(credentials.headers("authorization")).containsExactly("one", "two");
        assertThat(credentials.header("authorization")).isEmpty();
        assertThat(credentials.remoteAddress()).isSameAs(client);
        assertThat(credentials.certificates()).isSameAs(chain);
    }
}
