package io.lynx.grpc.client.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequestMessagesTest {
    private static final byte[] MESSAGE = {0, 0, 0, 0, 1, 7};

    private final RequestMessages messages = new RequestMessages(1_000, () -> {});

    @Test
    void theBodyOfACallThatHasEndedIsTakenWhole() {
        messages.add(MESSAGE);
        assertThat(messages.takeWhole()).isNull();

        messages.end();

        assertThat(messages.takeWhole()).isEqualTo(MESSAGE);
    }

    @Test
    void anotherAttemptTakesItAgain() {
        messages.add(MESSAGE);
        messages.end();
        assertThat(messages.takeWhole()).isEqualTo(MESSAGE);

        assertThat(messages.detach()).isTrue();

        assertThat(messages.takeWhole()).isEqualTo(MESSAGE);
    }

    @Test
    void aCancelledCallIsNotACompleteEmptyOne() {
        messages.add(MESSAGE);

        messages.close();

        assertThat(messages.takeWhole()).isNull();
    }
}
