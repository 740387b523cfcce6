package io.lynx.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BaggageTest {
    private static Baggage read(TestSource source) {
        return RequestScope.of(source).findBaggage();
    }

    @Test
    void readsKeysAndDecodedValues() {
        TestSource source = TestSource.with(
                "baggage", "user=alice , plan=pro%20max;ttl=30;private", "", " city=K%C3%B6ln\t,,empty=");

        Baggage baggage = read(source);

        assertThat(baggage.values())
                .containsExactly(
                        entry("user", "alice"), entry("plan", "pro max"), entry("city", "Köln"), entry("empty", ""));
        assertThat(baggage.text()).isEqualTo("user=alice,plan=pro%20max;ttl=30;private,city=K%C3%B6ln,empty=");
        assertThat(source.ignored).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "novalue",
                "=v",
                "a b=v",
                "a=v w",
                "a=\"v\"",
                "a=v\\",
                "a=v%",
                "a=v%4",
                "a=v%4g",
                "a=%\uff14\uff11",
                "a=\u00e4",
                "\u00e4=v",
                "a=v\u0007",
                "a=v;p=\u0000",
                "ok=twice"
            })
    void leavesOutAndCountsMalformedMembers(String member) {
        TestSource source = TestSource.with("baggage", "ok=1," + member + ",last=2");

        assertThat(read(source).values()).containsExactly(entry("ok", "1"), entry("last", "2"));
        assertThat(source.ignored).containsExactly("baggage");
    }

    @Test
    void replacesOctetsThatAreNotText() {
        assertThat(read(TestSource.with("baggage", "a=x%ff")).values()).containsExactly(entry("a", "x\ufffd"));
    }

    @Test
    void keepsAtMost64Members() {
        String many = IntStream.range(0, 100).mapToObj(i -> "k" + i + "=v").collect(Collectors.joining(","));
        TestSource source = TestSource.with("baggage", many);

        assertThat(read(source).values()).hasSize(64).containsKeys("k0", "k63");
        assertThat(source.ignored).containsExactly("baggage");
    }

    @Test
    void reads8192CharactersOfAMegabyte() {
        String value = "v".repeat(1000);
        String huge =
                IntStream.range(0, 1000).mapToObj(i -> "k" + i + "=" + value).collect(Collectors.joining(","));
        TestSource oneHeader = TestSource.with("baggage", huge);
        TestSource oneMember = TestSource.with("baggage", "k=" + "v".repeat(1 << 20));
        TestSource manyHeaders = TestSource.with("baggage", huge.split(","));

        assertThat(read(oneHeader).values()).containsOnlyKeys("k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7");
        assertThat(oneHeader.ignored).containsExactly("baggage");
        assertThat(read(oneMember)).isEqualTo(Baggage.NONE);
        assertThat(oneMember.ignored).containsExactly("baggage");
        assertThat(read(manyHeaders).text()).hasSizeLessThanOrEqualTo(8192);
        assertThat(manyHeaders.ignored).containsExactly("baggage");
    }

    @Test
    void addsAndReplacesValues() {
        Baggage read = read(TestSource.with("baggage", "user=alice;p=1,plan=pro"));

        Baggage changed = read.with("user", "bob, \"the\" 50%;\u00fc").with("new", "");

        assertThat(changed.values())
                .containsExactly(entry("plan", "pro"), entry("user", "bob, \"the\" 50%;\u00fc"), entry("new", ""));
        assertThat(changed.text()).isEqualTo("plan=pro,user=bob%2C%20%22the%22%2050%25%3B%C3%BC,new=");
        assertThat(read(TestSource.with("baggage", changed.text())).values()).isEqualTo(changed.values());
    }

    @Test
    void refusesWhatCannotBePassedOn() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Baggage.NONE.with("a b", "v"))
                .withMessageContaining("baggage key: 'a b'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Baggage.NONE.with("a", "v".repeat(8191)))
                .withMessageContaining("at most 64 in 8192");
        Baggage full = read(TestSource.with(
                "baggage", IntStream.range(0, 64).mapToObj(i -> "k" + i + "=").collect(Collectors.joining(","))));
        assertThatIllegalArgumentException().isThrownBy(() -> full.with("k64", "v"));
        assertThat(full.with("k63", "v").values()).hasSize(64);
    }
}
