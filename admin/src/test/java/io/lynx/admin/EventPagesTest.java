package io.lynx.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.event.Events;
import io.lynx.event.Overflow;
import io.lynx.event.Subscription;
import io.lynx.event.Topic;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole application, over real sockets. */
class EventPagesTest {
    private static final Topic<String> PLACED = Topic.of("business", "order.placed", String.class);
    private static final String REPLAY = "/debug/events/dead-letters/1/replay";

    private final PagesFixture fixture = new PagesFixture();
    private final Semaphore buried = new Semaphore(0);
    private final CountDownLatch mailed = new CountDownLatch(1);
    private volatile boolean mailIsUp;

    @AfterEach
    void end() {
        fixture.close();
    }

    private Events start(boolean allowChanges) throws Exception {
        fixture.start("lynx.admin.allow_changes=" + allowChanges);
        Events events = fixture.application().events();
        events.subscribe(Events.DEAD_LETTERED, _ -> buried.release());
        return events;
    }

    private Subscription mailer(Events events) {
        return events.subscribe(
                PLACED,
                _ -> {
                    if (!mailIsUp) {
                        throw new IllegalStateException("no route");
                    }
                    mailed.countDown();
                },
                options -> options.name("mailer").queue(1, 0).overflow(Overflow.DROP_NEWEST));
    }

    private void bury(Events events, int letters) throws InterruptedException {
        for (int i = 0; i < letters; i++) {
            events.publish(PLACED, "order " + i);
            assertThat(buried.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void accountsForEveryEventOfEveryBus() throws Exception {
        Events events = start(false);
        mailer(events);
        bury(events, 3);

        for (RawHttp port : fixture.ports()) {
            RawHttp.Answer answer = port.get("/debug/events");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).contains("\"dead_letters\": 3,", "\"name\": \"business\"");
            String mailer = answer.body().substring(answer.body().indexOf("\"name\": \"mailer\""));
            assertThat(mailer).contains("\"published\": 3,");
            assertThat(number(mailer, "processed")
                            + number(mailer, "dead_lettered")
                            + number(mailer, "queued")
                            + number(mailer, "in_hand"))
                    .isEqualTo(3);
        }
    }

    private static long number(String json, String member) {
        Matcher found = Pattern.compile("\"" + member + "\": (\\d+)").matcher(json);
        assertThat(found.find()).as(member).isTrue();
        return Long.parseLong(found.group(1));
    }

    @Test
    void listsTheLatestLetters() throws Exception {
        Events events = start(false);
        mailer(events);
        bury(events, 3);

        String all = fixture.management().get("/debug/events/dead-letters").body();
        String latest =
                fixture.service().get("/debug/events/dead-letters?limit=1").body();

        assertThat(all).contains("\"count\": 3").containsSubsequence("\"id\": 3,", "\"id\": 2,", "\"id\": 1,");
        assertThat(latest)
                .contains("\"count\": 3", "\"id\": 3,", "no route")
                .doesNotContain("\"id\": 2,", "\"id\": 1,");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1001", "many", "", "1e2"})
    void refusesAnInvalidLimit(String limit) throws Exception {
        start(false);

        RawHttp.Answer answer = fixture.management().get("/debug/events/dead-letters?limit=" + limit);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("limit: '" + limit + "'; 1 to 1000");
    }

    @Test
    void replaysALetterOnce() throws Exception {
        Events events = start(true);
        mailer(events);
        bury(events, 1);
        mailIsUp = true;

        RawHttp.Answer replayed = fixture.service().send("POST", REPLAY);
        RawHttp.Answer again = fixture.service().send("POST", REPLAY);

        assertThat(replayed.status()).as(replayed.body()).isEqualTo(200);
        assertThat(replayed.body()).startsWith("{\n  \"id\": 1,\n  \"subscription\": \"mailer\"");
        assertThat(mailed.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(events.deadLetters().size()).isZero();
        assertThat(again.status()).isEqualTo(404);
        assertThat(again.body()).contains("dead letter: 1; it does not exist any more");
        assertThat(fixture.auditLines()).containsExactly("Admin change: dead letter replay of 1 done");
    }

    @Test
    void keepsALetterWithoutASubscription() throws Exception {
        Events events = start(true);
        Subscription mailer = mailer(events);
        bury(events, 1);
        mailer.close();

        RawHttp.Answer answer = fixture.management().send("POST", REPLAY);

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.body()).contains("dead letter: 1; no subscription 'mailer' exists now, so it stays");
        assertThat(events.deadLetters().find(1)).isPresent();
        assertThat(fixture.auditLines()).containsExactly("Admin change: dead letter replay of 1 refused");
    }

    @Test
    void keepsALetterThatTheQueueRefuses() throws Exception {
        Events events = start(true);
        mailer(events);
        bury(events, 1);
        events.pause("business");
        events.publish(PLACED, "fills the queue");

        RawHttp.Answer answer = fixture.management().send("POST", REPLAY);

        assertThat(answer.status()).as(answer.body()).isEqualTo(409);
        assertThat(answer.body()).contains("dead letter: 1; the queue of 'mailer' refused it (no_room)");
        assertThat(events.deadLetters().find(1)).isPresent();
        assertThat(fixture.management().get("/debug/events").body()).contains("\"paused\": true", "\"queued\": 1");
    }

    @ParameterizedTest
    @CsvSource({
        "false, POST, /debug/events/dead-letters/1/replay, , 403",
        "true,  POST, /debug/events/dead-letters/1/replay, Origin: http://evil.example, 403",
        "true,  POST, /debug/events/dead-letters/1/replay, X-Forwarded-For: 203.0.113.9, 404",
        "true,  GET,  /debug/events/dead-letters/1/replay, , 405",
        "true,  POST, /debug/events/dead-letters/2/replay, , 404",
        "true,  POST, /debug/events/dead-letters/x/replay, , 404",
        "true,  GET,  /debug/events/dead-letters/1,        , 404",
        "true,  POST, /debug/events/dead-letters,          , 405",
        "true,  POST, /debug/events,                       , 405",
        "true,  GET,  /debug/events,                       Host: evil.example, 404",
        "true,  GET,  /debug/events/dead-letters,          Host: evil.example, 404"
    })
    void replaysNothingForUntrustedCallers(boolean allowed, String method, String path, String header, int status)
            throws Exception {
        Events events = start(allowed);
        mailer(events);
        bury(events, 1);

        RawHttp.Answer answer = header == null
                ? fixture.management().send(method, path)
                : fixture.management().send(method, path, header);

        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(events.deadLetters().find(1)).isPresent();
        assertThat(fixture.auditLines()).isEmpty();
    }
}
