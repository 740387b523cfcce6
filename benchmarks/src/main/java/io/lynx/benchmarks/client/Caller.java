package io.lynx.benchmarks.client;

import io.lynx.http.client.HttpClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/** A client that calls one URL and reads the whole answer. Thread-safe. */
interface Caller extends AutoCloseable {
    /**
     * Calls.
     *
     * @return the number of bytes of the answer
     * @throws IllegalStateException if its status is not 200
     */
    int call() throws IOException, InterruptedException;

    @Override
    void close() throws IOException;

    private static void require200(int status) {
        if (status != 200) {
            throw new IllegalStateException("status " + status);
        }
    }

    /**
     * Returns the client of Lynx with its defaults: retries, circuit breaker, time limits; but as much time to connect as the
     * others have, since all callers begin at once.
     */
    static Caller lynx(int port, String path) {
        HttpClient client = HttpClient.builder("benchmark")
                .url("http://127.0.0.1:" + port)
                .maxConnections(ClientLoad.CONNECTIONS)
                .connectTimeout(Duration.ofMinutes(1))
                .build();
        return new Caller() {
            @Override
            public int call() {
                var response = client.get(path).send();
                require200(response.status());
                return response.bytes().length;
            }

            @Override
            public void close() {
                client.close();
            }
        };
    }

    /** Returns that of the JDK with its defaults; its pool has no limit, so the callers are the limit. */
    static Caller jdk(int port, String path) {
        java.net.http.HttpClient client = java.net.http.HttpClient.newBuilder()
                .version(java.net.http.HttpClient.Version.HTTP_1_1)
                .build();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        return new Caller() {
            @Override
            public int call() throws IOException, InterruptedException {
                var response = client.send(request, BodyHandlers.ofByteArray());
                require200(response.statusCode());
                return response.body().length;
            }

            @Override
            public void close() {
                client.close();
            }
        };
    }

    /** Returns the classic client of Apache with its defaults and a pool that is large enough. */
    static Caller apache(int port, String path) {
        CloseableHttpClient client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setMaxConnTotal(ClientLoad.CONNECTIONS)
                        .setMaxConnPerRoute(ClientLoad.CONNECTIONS)
                        .build())
                .build();
        String url = "http://127.0.0.1:" + port + path;
        return new Caller() {
            @Override
            public int call() throws IOException {
                return client.execute(new HttpGet(url), response -> {
                    require200(response.getCode());
                    return EntityUtils.toByteArray(response.getEntity()).length;
                });
            }

            @Override
            public void close() throws IOException {
                client.close();
            }
        };
    }
}
