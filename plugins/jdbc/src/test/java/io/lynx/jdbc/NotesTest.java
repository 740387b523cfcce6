package io.lynx.jdbc;

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
    private static final LynxTest lynx = LynxTest.of(new JdbcPlugin(), HttpServer.with(http -> {}), new NotesPlugin())
            .with("lynx.http.port", "0")
            .with("lynx.jdbc.url", "jdbc:h2:mem:NotesTest")
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
