package io.lynx.transport.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.transport.ListenerConfig;
import io.lynx.transport.ListenerSection;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/** 1,024 descriptors, of which 100 are open when nothing is connected; 128 are left to other uses. */
class OpenFilesLimitTest {
    private static final int LIMIT = 1024;
    private static final int FOR_ALL = LIMIT - 100 - LIMIT / 8;

    private long open = 100;
    private final OpenFilesLimit limit = new OpenFilesLimit() {
        @Override
        long limit() {
            return LIMIT;
        }

        @Override
        long open() {
            return open;
        }
    };

    private static ListenerConfig config(int connections) {
        return ListenerSection.defaults().withMaxConnections(connections).listener("test", "lynx.test");
    }

    @Test
    void givesEachListenerWhatItWantsWhileThatIsLessThanHalf() {
        OpenFilesLimit.Places first = limit.enter(config(200));
        OpenFilesLimit.Places second = limit.enter(config(300));

        assertThat(first.most()).isEqualTo(200);
        assertThat(second.most()).isEqualTo(300);
    }

    @Test
    void twoListenersTogetherHaveNoMoreThanOneAlone() {
        OpenFilesLimit.Places first = limit.enter(config(10_000));
        assertThat(first.most()).isEqualTo(FOR_ALL);

        OpenFilesLimit.Places second = limit.enter(config(10_000));

        assertThat(first.most()).isEqualTo(FOR_ALL / 2);
        assertThat(first.most() + second.most()).isEqualTo(FOR_ALL);
    }

    @Test
    void aListenerThatWantsLessLeavesTheRestToTheOther() {
        OpenFilesLimit.Places large = limit.enter(config(10_000));
        OpenFilesLimit.Places small = limit.enter(config(96));

        assertThat(small.most()).isEqualTo(96);
        assertThat(large.most()).isEqualTo(FOR_ALL - 96);
    }

    @Test
    void aListenerForProbesHasAllItsPlaces() {
        OpenFilesLimit.Places large = limit.enter(config(10_000));
        open = LIMIT;
        OpenFilesLimit.Places probes = limit.enter(config(64).replacingIdle());

        assertThat(probes.most()).isEqualTo(64);
        assertThat(large.most()).isEqualTo(1);
    }

    @Test
    void countsTheConnectionsOfListenersAsTheirs() {
        OpenFilesLimit.Places first = limit.enter(config(10_000));
        first.takenBy(Collections.nCopies(300, "connection"));
        open += 300;

        OpenFilesLimit.Places second = limit.enter(config(10_000));

        assertThat(first.most() + second.most()).isEqualTo(FOR_ALL);
    }

    @Test
    void dividesAgainWhenAListenerCloses() {
        OpenFilesLimit.Places first = limit.enter(config(10_000));
        OpenFilesLimit.Places second = limit.enter(config(10_000));

        second.close();
        second.close();

        assertThat(first.most()).isEqualTo(FOR_ALL);
    }
}
