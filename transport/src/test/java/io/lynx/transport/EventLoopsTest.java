package io.lynx.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EventLoopsTest {
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

    private static int eventLoops(int configured) {
        return ListenerSection.defaults()
                .withEventLoops(configured)
                .listener("http", "lynx.http")
                .eventLoops();
    }

    @Test
    void aListenerHasOneEventLoopForEachTwoProcessors() {
        assertThat(eventLoops(0)).isEqualTo(Math.max(1, PROCESSORS / 2));
    }

    @Test
    void aListenerHasTheConfiguredNumberOfEventLoops() {
        assertThat(eventLoops(1)).isOne();
        assertThat(eventLoops(PROCESSORS)).isEqualTo(PROCESSORS);
    }

    @Test
    void aListenerLeavesTheEventLoopOfTheManagementPortAlone() {
        assertThat(eventLoops(PROCESSORS + 1)).isEqualTo(PROCESSORS);
        assertThat(eventLoops(1024)).isEqualTo(PROCESSORS);
    }
}
