package com.example.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.service.GreetingPlugin.Greeting;
import io.lynx.testkit.HttpReply;
import io.lynx.testkit.LynxExtension;
import io.lynx.testkit.LynxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Starts the whole service with its own config.yml, on free ports. */
@ExtendWith(LynxExtension.class)
class MainTest {
    private static final LynxTest lynx = LynxTest.application(Main::plugins)
            .with("lynx.http.port", "0")
            .with("lynx.metrics.prometheus.port", "0")
            .build();

    @Test
    void greets() {
        HttpReply reply = lynx.get("/hello/Ada");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json(Greeting.class)).isEqualTo(new Greeting("Hello, Ada"));
    }

    @Test
    void refusesLongNames() {
        HttpReply reply = lynx.get("/hello/" + "a".repeat(41));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains("name: longer than 40 characters");
    }
}
