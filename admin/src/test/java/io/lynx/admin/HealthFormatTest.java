package io.lynx.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthFormatTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                                    | MICROPROFILE",
                "*/*                                                   | MICROPROFILE",
                "application/json                                      | MICROPROFILE",
                "text/html,application/xhtml+xml,*/*;q=0.8             | MICROPROFILE",
                "application/health+json                               | HEALTH_JSON",
                "Application/Health+JSON ; q=0.9                       | HEALTH_JSON",
                "application/health+json, application/json             | HEALTH_JSON",
                "application/health+json;q=0.5, application/json       | MICROPROFILE",
                "application/health+json, */*;q=0.1                    | HEALTH_JSON",
                "application/health+json;q=0                           | MICROPROFILE",
                "application/health+json;q=high                        | MICROPROFILE",
                "application/json;q=0.2,application/health+json;q=0.3  | HEALTH_JSON"
            })
    void choosesWhatTheClientPrefers(String accept, HealthFormat expected) {
        assertThat(HealthFormat.of(accept.isEmpty() ? List.of() : List.of(accept)))
                .isEqualTo(expected);
    }
}
