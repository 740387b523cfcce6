package io.lynx.http.websocket.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.http.HttpException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExtensionOffersTest {
    private static final String AGREED = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "permessage-deflate | ''",
                "permessage-deflate; client_max_window_bits | ''",
                "Permessage-Deflate; client_max_window_bits=10; server_no_context_takeover | ''",
                "permessage-deflate; server_max_window_bits=15 | ; server_max_window_bits=15",
                "permessage-deflate; server_max_window_bits=\"15\" | ; server_max_window_bits=15",
                "permessage-deflate; server_max_window_bits=10, permessage-deflate | ''",
                "x-webkit-deflate-frame, permessage-deflate | ''",
                "other; a=\"b,c;d\", permessage-deflate | ''",
            })
    void theFirstOfferThatFitsIsChosen(String offers, String more) {
        assertThat(ExtensionOffers.choose(List.of(offers))).isEqualTo(AGREED + more);
    }

    @Test
    void severalHeadersAreOneList() {
        assertThat(ExtensionOffers.choose(List.of("a", "permessage-deflate"))).isEqualTo(AGREED);
        assertThat(ExtensionOffers.choose(List.of())).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "other",
                "permessage-deflate; server_max_window_bits=8",
                "permessage-deflate; server_max_window_bits",
                "permessage-deflate; server_max_window_bits=16",
                "permessage-deflate; client_max_window_bits=7",
                "permessage-deflate; client_max_window_bits=010",
                "permessage-deflate; server_no_context_takeover=1",
                "permessage-deflate; unknown",
                "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
            })
    void offersThatDoNotFitAreDeclined(String offer) {
        assertThat(ExtensionOffers.choose(List.of(offer))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a,,b", "a b", "permessage-deflate; ", "permessage-deflate; a b=1", "a; b=\"c"})
    void malformedOffersAreRefused(String offer) {
        assertThatThrownBy(() -> ExtensionOffers.choose(List.of(offer)))
                .isInstanceOfSatisfying(
                        HttpException.class, e -> assertThat(e.status()).isEqualTo(400));
    }
}
