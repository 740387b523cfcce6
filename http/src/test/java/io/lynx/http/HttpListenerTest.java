package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class HttpListenerTest {
    @Test
    void answersAndCloses() throws Exception {
        try (HttpListener listener = HttpListener.builder("http")
                        .config(HttpConfig.defaults().withHost("127.0.0.1").withPort(0))
                        .routes(new Routes()
                                .get(
                                        "/hello/{name}",
                                        (request, response) -> response.send("Hello, " + request.path("name"))))
                        .build();
                HttpClient client = HttpClient.newHttpClient()) {
            listener.open();
            for (int i = 0; i < 2; i++) {
                HttpResponse<String> response = client.send(
                        HttpRequest.newBuilder(URI.create(listener.url() + "/hello/you"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

                assertThat(response.body()).isEqualTo("Hello, you");
                assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
            }
            long start = System.nanoTime();
            listener.announceStop();
            listener.drain(io.lynx.time.Deadline.after(java.time.Duration.ofSeconds(5), io.lynx.time.Ticker.system()));
            System.out.println("drain ms " + (System.nanoTime() - start) / 1e6);
            start = System.nanoTime();
            listener.close();
            System.out.println("close ms " + (System.nanoTime() - start) / 1e6);
        }
    }
}
