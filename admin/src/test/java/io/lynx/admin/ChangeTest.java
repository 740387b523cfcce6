package io.lynx.admin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChangeTest {
    @Test
    void readsWhatToChangeFromThePath() {
        assertThat(Change.of("shutdown")).contains(new Change.Shutdown());
        assertThat(Change.of("config/reload")).contains(new Change.ReloadConfiguration());
        assertThat(Change.of("plugins/db.mysql/restart")).contains(new Change.RestartPlugin("db.mysql"));
        assertThat(Change.of("components/mysql-plugin/reset")).contains(new Change.ResetComponent("mysql-plugin"));
        assertThat(Change.of("events/dead-letters/17/replay")).contains(new Change.ReplayDeadLetter(17));
    }

    @ParameterizedTest
    @EnumSource
    void readsEveryActionOnABreaker(BreakerAction action) {
        assertThat(Change.of("breakers/payments/" + action.label()))
                .contains(new Change.SetBreaker("payments", action));
    }

    @Test
    void takesSlashesAndNamesOfActionsAsPartsOfAName() {
        assertThat(Change.of("breakers/GET /orders/{id}/reset"))
                .contains(new Change.SetBreaker("GET /orders/{id}", BreakerAction.RESET));
        assertThat(Change.of("breakers/reset/disable")).contains(new Change.SetBreaker("reset", BreakerAction.DISABLE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "shutdown/",
                "config/reload/",
                "plugins",
                "plugins/restart",
                "plugins//restart",
                "plugins/db/restart/",
                "breakers/reset",
                "breakers//reset",
                "breakers/payments/open",
                "breakers/payments/RESET",
                "components//reset",
                "components/mysql-plugin",
                "events/dead-letters//replay",
                "events/dead-letters/x/replay",
                "events/dead-letters/99999999999999999999/replay"
            })
    void takesNothingElseForAChange(String page) {
        assertThat(Change.of(page)).isEmpty();
    }
}
