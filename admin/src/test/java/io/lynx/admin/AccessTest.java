package io.lynx.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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

    private final Access access =
            new Access(new AdminConfig(true, Optional.of(TOKEN), false, List.of("Ops.internal", "box")));

    private static Caller caller(String peer, @Nullable String host) {
        return new Caller(peer, host, null, null, null, false);
    }

    @ParameterizedTest
    @CsvSource({
        // peer,            host,                     seen
        "127.0.0.1,         localhost,                true",
        "127.0.0.1,         localhost:9090,           true",
        "127.0.0.1,         LOCALHOST.:9090,          true",
        "127.0.0.1,         127.0.0.1:9090,           true",
        "127.8.9.10,        127.1.2.3,                true",
        "::1,               [::1]:9090,               true",
        "0:0:0:0:0:0:0:1,   [::1],                    true",
        "::ffff:127.0.0.1,  localhost,                true",
        "127.0.0.1,         ops.INTERNAL:9090,        true",
        "127.0.0.1,         box,                      true",
        // a page of the world, its name made to resolve to this machine
        "127.0.0.1,         evil.example,             false",
        "127.0.0.1,         localhost.evil.example,   false",
        "127.0.0.1,         127.0.0.1.evil.example,   false",
        "127.0.0.1,         evil.example#localhost,   false",
        "127.0.0.1,         localhost@evil.example,   false",
        "127.0.0.1,         0.0.0.0:9090,             false",
        "127.0.0.1,         192.168.1.7,              false",
        "127.0.0.1,         [::1.evil.example,        false",
        "127.0.0.1,         '',                       false",
        "127.0.0.1,         ,                         false",
        // not from this machine, whatever they say
        "10.0.0.7,          localhost,                false",
        "192.168.1.7,       127.0.0.1:9090,           false",
        "2001:db8::1,       [::1]:9090,               false",
        "::ffff:10.0.0.7,   localhost,                false",
        "'',                localhost,                false",
        "localhost,         localhost,                false"
    })
    void letsInWhoAsksFromThisMachineByItsName(String peer, @Nullable String host, boolean isSeen) {
        assertThat(access.maySee(caller(peer, host))).isEqualTo(isSeen);
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
    void takesWhatAProxyOfThisMachinePassesOnForAStrangers(String header) {
        Caller proxied = Caller.of("127.0.0.1", "localhost", name -> Map.of(header, List.of("127.0.0.1"))
                .getOrDefault(name, List.of()));

        assertThat(access.maySee(proxied)).isFalse();
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
    void letsInWhoHasTheToken(String authorization, boolean isSeen) {
        Caller stranger = new Caller("203.0.113.9", "shop.example", authorization, null, null, true);

        assertThat(access.maySee(stranger)).isEqualTo(isSeen);
        assertThat(access.mayChange(stranger)).isEqualTo(isSeen);
    }

    @ParameterizedTest
    @CsvSource({
        // peer,      host,          authorization,  forwarded, reason
        "127.0.0.1,   evil.example,  ,               false,     foreign_host",
        "127.0.0.1,   localhost,     ,               true,      forwarded",
        "10.0.0.7,    localhost,     ,               true,      remote_address",
        "10.0.0.7,    localhost,     Bearer wrong,   true,      wrong_token",
        "10.0.0.7,    localhost,     Basic YTpi,     false,     wrong_token",
        "127.0.0.1,   localhost,     ,               false,     foreign_page"
    })
    void saysWhySomebodyIsNotLetIn(
            String peer, String host, @Nullable String authorization, boolean isForwarded, String reason) {
        Caller caller = new Caller(peer, host, authorization, "http://evil.example", null, isForwarded);

        assertThat(access.mayChange(caller)).isFalse();
        assertThat(access.reason(caller)).isEqualTo(reason).isIn(Access.REASONS);
    }

    @Test
    void letsNobodyInByATokenWhenThereIsNone() {
        Access without = new Access(AdminConfig.defaults());

        assertThat(without.maySee(new Caller("203.0.113.9", "shop.example", "Bearer ", null, null, false)))
                .isFalse();
        assertThat(without.maySee(new Caller("203.0.113.9", "shop.example", "Bearer null", null, null, false)))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        // origin,                  fetch site,   changes
        ",                          ,             true",
        ",                          none,         true",
        "http://localhost:9090,     same-origin,  true",
        "http://localhost:9090,     ,             true",
        "http://evil.example,       ,             false",
        "http://localhost:3000,     ,             false",
        "http://localhost:3000,     same-site,    false",
        "'null',                    ,             false",
        ",                          cross-site,   false"
    })
    void letsNoForeignPageChangeAnything(@Nullable String origin, @Nullable String fetchSite, boolean mayChange) {
        Caller browser = new Caller("127.0.0.1", "localhost:9090", null, origin, fetchSite, false);

        assertThat(access.mayChange(browser)).isEqualTo(mayChange);
        assertThat(access.maySee(browser)).isTrue();
    }

    @Test
    void takesNoHeaderThatIsThereTwice() {
        Caller twice = Caller.of(
                "203.0.113.9",
                "shop.example",
                name -> name.equals("authorization") ? List.of("Bearer " + TOKEN, "Bearer x") : List.of());

        assertThat(access.maySee(twice)).isFalse();
    }

    @Test
    void refusesATokenThatIsTooShort() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AdminConfig(true, Optional.of("hunter2"), false, List.of()))
                .withMessage("token: 7 characters; 16 or more");
    }

    @Test
    void neverPrintsTheToken() {
        assertThat(new AdminConfig(true, Optional.of(TOKEN), false, List.of()).toString())
                .doesNotContain(TOKEN);
    }
}
