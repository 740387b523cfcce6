package io.lynx.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventsConfigTest {
    private static EventsConfig config(Map<String, EventsConfig.Bus> buses) {
        return new EventsConfig(
                2048,
                500,
                Duration.ofHours(1),
                Overflow.Policy.BLOCK,
                Duration.ofMillis(7),
                Duration.ofSeconds(3),
                buses);
    }

    @Test
    void appliesTheCommonSettingsToEveryBus() {
        try (Events events = Events.builder().configuration(config(Map.of())).build()) {
            Overflow block = Overflow.BLOCK.upTo(Duration.ofMillis(7));

            assertThat(events.bus("business").options)
                    .isEqualTo(new BusOptions(2048, block, 0, Duration.ofHours(1), Duration.ofSeconds(3)));
            assertThat(events.bus("health").options)
                    .isEqualTo(new BusOptions(2048, block, 500, Duration.ofHours(1), Duration.ofSeconds(3)));
        }
    }

    @Test
    void appliesTheSectionOfABus() {
        EventsConfig.Bus own = new EventsConfig.Bus(
                16, 20, Duration.ofMinutes(1), Overflow.Policy.DROP_OLDEST, null, Duration.ofSeconds(1));
        try (Events events =
                Events.builder().configuration(config(Map.of("orders", own))).build()) {
            assertThat(events.bus("orders").options)
                    .isEqualTo(
                            new BusOptions(16, Overflow.DROP_OLDEST, 20, Duration.ofMinutes(1), Duration.ofSeconds(1)));
        }
    }

    @Test
    void keepsTheCommonSettingsThatASectionDoesNotOverride() {
        EventsConfig.Bus own = new EventsConfig.Bus(null, null, null, null, Duration.ofMillis(1), null);
        EventsConfig.Bus newest = new EventsConfig.Bus(null, null, null, Overflow.Policy.DROP_NEWEST, null, null);
        Map<String, EventsConfig.Bus> sections = Map.of("business", own, "system", newest);

        try (Events events = Events.builder().configuration(config(sections)).build()) {
            BusOptions business = events.bus("business").options;
            BusOptions system = events.bus("system").options;

            assertThat(business.overflow()).isEqualTo(Overflow.BLOCK.upTo(Duration.ofMillis(1)));
            assertThat(business.queueSize()).isEqualTo(2048);
            assertThat(business.historySize()).isZero();
            assertThat(system.overflow()).isEqualTo(Overflow.DROP_NEWEST);
            assertThat(system.historySize()).isEqualTo(500);
        }
    }
}
