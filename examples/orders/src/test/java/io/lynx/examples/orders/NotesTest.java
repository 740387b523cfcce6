package io.lynx.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.http.HttpServer;
import io.lynx.testkit.HttpReply;
import io.lynx.testkit.LynxExtension;
import io.lynx.testkit.LynxTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The test of the guide to databases. */
// snippet: database-test
@ExtendWith(LynxExtension.class)
class NotesTest {
    private static final LynxTest lynx = LynxTest.application(
                    app -> app.plugin(HttpServer.with(http -> {})).plugin(new NotesPlugin()))
            .with("lynx.http.port", "0")
            .with("lynx.metrics.prometheus.port", "0")
            .with("notes.url", "jdbc:h2:mem:NotesTest;DB_CLOSE_DELAY=-1;DB_CLOSE_ON_EXIT=FALSE")
            .build();

    @Test
    void keepsANote() {
        HttpReply created = lynx.post("/notes", "{\"text\":\"buy a lamp\"}");
        HttpReply read = lynx.get("/notes/1");

        assertThat(created.status()).isEqualTo(201);
        assertThat(read.body()).isEqualTo("{\"id\":1,\"text\":\"buy a lamp\"}");
        assertThat(lynx.get("/notes/2").status()).isEqualTo(404);
    }
}
// end
