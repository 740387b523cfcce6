package io.lynx.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {
    private static final String TOKEN = "correct-horse-battery";

    private final Access access = new Access(Optional.of(TOKEN), List.of("Ops.internal", "box"), (_, _) -> true);

    private static CallerFacts facts(
            String peer,
            @Nullable String host,
            @Nullable String authorization,
            @Nullable String origin,
            @Nullable String fetchSite,
            boolean isForwarded) {
        return new CallerFacts(
                address(peer, 40_000),
                address("127.0.0.1", 9090),
                "HTTP/1.1",
                host,
                authorization,
                origin,
                fetchSite,
                isForwarded);
    }

    private static InetSocketAddress address(String literal, int port) {
        return literal.isEmpty() || literal.equals("localhost")
                ? InetSocketAddress.createUnresolved(literal, port)
                : new InetSocketAddress(InetAddress.ofLiteral(literal), port);
    }

    private boolean maySee(CallerFacts facts) {
        return access.identify(facts).isTrusted();
    }

    private boolean mayChange(CallerFacts facts) {
        return Access.mayChange(access.identify(facts), facts);
    }

    @ParameterizedTest
    @CsvSource({
        // peer,            host,                     seen
        "127.0.0.1,         localhost:9090,           true",
        "127.0.0.1,         LOCALHOST.:9090,          true",
        "127.0.0.1,         127.0.0.1:9090,           true",
        "127.8.9.10,        127.1.2.3:9090,           true",
        "::1,               [::1]:9090,               true",
        "0:0:0:0:0:0:0:1,   [::1]:9090,               true",
        "::ffff:127.0.0.1,  localhost:9090,           true",
        "127.0.0.1,         ops.INTERNAL:9090,        true",
        "127.0.0.1,         box:9090,                 true",
        // another port than the one of the connection
        "127.0.0.1,         localhost,                false",
        "127.0.0.1,         localhost:8080,           false",
        "127.0.0.1,         localhost:,               false",
        "127.0.0.1,         localhost:9090:9090,      false",
        "127.0.0.1,         localhost:09090,          false",
        "::1,               [::1],                    false",
        // a page of the world, its name made to resolve to this machine
        "127.0.0.1,         evil.example:9090,        false",
        "127.0.0.1,         localhost.evil.example:9090, false",
        "127.0.0.1,         127.0.0.1.evil.example:9090, false",
        "127.0.0.1,         evil.example#localhost:9090, false",
        "127.0.0.1,         localhost@evil.example:9090, false",
        "127.0.0.1,         0.0.0.0:9090,             false",
        "127.0.0.1,         192.168.1.7:9090,         false",
        "127.0.0.1,         [::1.evil.example:9090,   false",
        "127.0.0.1,         [::1].evil.example:9090,  false",
        "127.0.0.1,         [::1].evil.example,       false",
        "127.0.0.1,         [localhost]:9090,         false",
        "127.0.0.1,         [127.0.0.1]:9090,         false",
        "127.0.0.1,         [box]:9090,               false",
        "127.0.0.1,         '',                       false",
        "127.0.0.1,         ,                         false",
        // not from this machine, whatever the headers say
        "10.0.0.7,          localhost:9090,           false",
        "192.168.1.7,       127.0.0.1:9090,           false",
        "2001:db8::1,       [::1]:9090,               false",
        "::ffff:10.0.0.7,   localhost:9090,           false",
        "'',                localhost:9090,           false",
        "localhost,         localhost:9090,           false"
    })
    void aLocalCallerConnectsFromLoopbackAndNamesThisHostAndPort(String peer, @Nullable String host, boolean isSeen) {
        assertThat(maySee(facts(peer, host, null, null, null, false))).isEqualTo(isSeen);
    }

    @ParameterizedTest
    @CsvSource({"80, true", "443, true", "8080, false"})
    void aHostWithoutAPortNamesTheUsualOne(int port, boolean isSeen) {
        CallerFacts facts = new CallerFacts(
                address("127.0.0.1", 40_000),
                address("127.0.0.1", port),
                "HTTP/1.1",
                "localhost",
                null,
                null,
                null,
                false);

        assertThat(maySee(facts)).isEqualTo(isSeen);
    }

    @ParameterizedTest
    @CsvSource({"HTTP/1.0, OLD_PROTOCOL", "HTTP/1.1, LOCAL", "HTTP/2, LOCAL"})
    void aLocalCallerUsesHttp11OrLater(String protocol, Caller caller) {
        CallerFacts facts = new CallerFacts(
                address("127.0.0.1", 40_000),
                address("127.0.0.1", 9090),
                protocol,
                "localhost:9090",
                null,
                null,
                null,
                false);

        assertThat(access.identify(facts)).isEqualTo(caller);
    }

    @Test
    void aConnectionOfAnotherUserIsNotLocal() {
        Access otherUser = new Access(Optional.of(TOKEN), List.of(), (_, _) -> false);
        CallerFacts stranger = facts("127.0.0.1", "localhost:9090", null, null, null, false);
        CallerFacts operator = facts("127.0.0.1", "localhost:9090", "Bearer " + TOKEN, null, null, true);

        assertThat(otherUser.identify(stranger)).isEqualTo(Caller.OTHER_USER);
        assertThat(otherUser.identify(operator)).isEqualTo(Caller.TOKEN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "forwarded",
                "x-forwarded-for",
                "x-forwarded-host",
                "x-forwarded-proto",
                "x-real-ip",
                "via",
                "true-client-ip",
                "cf-connecting-ip"
            })
    void aForwardedRequestIsNotTrusted(String header) {
        CallerFacts proxied = CallerFacts.of(
                address("127.0.0.1", 40_000),
                address("127.0.0.1", 9090),
                "HTTP/1.1",
                "localhost:9090",
                name -> Map.of(header, List.of("127.0.0.1")).getOrDefault(name, List.of()),
                false);

        assertThat(access.identify(proxied)).isEqualTo(Caller.FORWARDED);
    }

    @Test
    void aRequestThatAProxyForwardsWithoutAHeaderIsNotTrusted() {
        CallerFacts proxied = CallerFacts.of(
                address("127.0.0.1", 40_000),
                address("127.0.0.1", 9090),
                "HTTP/1.1",
                "localhost:9090",
                _ -> List.of(),
                true);

        assertThat(access.identify(proxied)).isEqualTo(Caller.FORWARDED);
    }

    @ParameterizedTest
    @CsvSource({
        "Bearer correct-horse-battery,   true",
        "bearer correct-horse-battery,   true",
        "Bearer  correct-horse-battery,  true",
        "Bearer correct-horse-batterx,   false",
        "Bearer correct-horse,           false",
        "Bearer correct-horse-battery1,  false",
        "Bearer,                         false",
        "Basic correct-horse-battery,    false",
        "correct-horse-battery,          false"
    })
    void theTokenIsTrustedFromEverywhere(String authorization, boolean isSeen) {
        CallerFacts stranger = facts("203.0.113.9", "shop.example", authorization, null, null, true);

        assertThat(maySee(stranger)).isEqualTo(isSeen);
        assertThat(mayChange(stranger)).isEqualTo(isSeen);
    }

    @ParameterizedTest
    @CsvSource({
        // peer,      host,               authorization,  forwarded, caller
        "127.0.0.1,   evil.example:9090,  ,               false,     FOREIGN_HOST",
        "127.0.0.1,   localhost:9090,     ,               true,      FORWARDED",
        "10.0.0.7,    localhost:9090,     ,               true,      REMOTE",
        "10.0.0.7,    localhost:9090,     Bearer wrong,   true,      WRONG_TOKEN",
        "10.0.0.7,    localhost:9090,     Basic YTpi,     false,     WRONG_TOKEN",
        "127.0.0.1,   localhost:9090,     Bearer wrong,   false,     LOCAL"
    })
    void reportsWhyACallerIsNotTrusted(
            String peer, String host, @Nullable String authorization, boolean isForwarded, Caller caller) {
        assertThat(access.identify(facts(peer, host, authorization, null, null, isForwarded)))
                .isEqualTo(caller);
    }

    @Test
    void withoutATokenNoHeaderIsAccepted() {
        Access without = new Access(Optional.empty(), List.of(), (_, _) -> true);

        for (String authorization : List.of("Bearer ", "Bearer null")) {
            assertThat(without.identify(facts("203.0.113.9", "shop.example", authorization, null, null, false)))
                    .isEqualTo(Caller.REMOTE);
        }
    }

    @ParameterizedTest
    @CsvSource({
        // origin,                  fetch site,   changes
        ",                          ,             true",
        ",                          none,         false",
        "http://localhost:9090,     same-origin,  true",
        "http://localhost:9090,     ,             true",
        "http://evil.example,       ,             false",
        "http://localhost:3000,     ,             false",
        "http://localhost:3000,     same-site,    false",
        "'null',                    ,             false",
        ",                          cross-site,   false"
    })
    void aForeignPageMaySeeAndNotChange(@Nullable String origin, @Nullable String fetchSite, boolean mayChange) {
        CallerFacts browser = facts("127.0.0.1", "localhost:9090", null, origin, fetchSite, false);

        assertThat(mayChange(browser)).isEqualTo(mayChange);
        assertThat(maySee(browser)).isTrue();
    }

    @Test
    void aRepeatedHeaderIsNoToken() {
        CallerFacts twice = CallerFacts.of(
                address("203.0.113.9", 40_000),
                address("203.0.113.7", 9090),
                "HTTP/1.1",
                "shop.example",
                name -> name.equals("authorization") ? List.of("Bearer " + TOKEN, "Bearer x") : List.of(),
                false);

        assertThat(maySee(twice)).isFalse();
    }

    @Test
    void aShortTokenIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AdminConfig(true, Optional.of("hunter2"), false, List.of()))
                .withMessage("the token has 7 characters; 16 or more are required");
    }

    @Test
    void theTokenIsNeverPrinted() {
        assertThat(new AdminConfig(true, Optional.of(TOKEN), false, List.of()).toString())
                .doesNotContain(TOKEN);
    }
}
