package io.lynx.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UserCodeTest {
    @Test
    void returnsTheFallbackAndTheFailureOfWhateverIsThrown() {
        List<Throwable> failures = new ArrayList<>();

        List<Throwable> thrown = List.of(
                new IllegalStateException(),
                new StackOverflowError(),
                new NoClassDefFoundError(),
                new HostileException());
        for (Throwable failure : thrown) {
            String result = UserCode.call(() -> sneak(failure), "fallback", failures::add);
            assertThat(result).isEqualTo("fallback");
        }

        assertThat(failures.size()).isEqualTo(thrown.size());
    }

    @Test
    void survivesAFailureHandlerThatThrows() {
        boolean returned = UserCode.run(() -> sneak(new IllegalStateException()), failure -> {
            throw new LinkageError("handler");
        });

        assertThat(returned).isFalse();
    }

    @Test
    void passesFailuresOfTheVirtualMachineOn() {
        assertThatThrownBy(() -> UserCode.run(() -> sneak(new OutOfMemoryError("heap")), failure -> {}))
                .isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void readsExceptionsWhoseOwnMethodsThrow() {
        HostileException hostile = new HostileException();

        assertThat(UserCode.messageOf(hostile)).isNull();
        assertThat(UserCode.describe(hostile)).isEqualTo(HostileException.class.getName());
        assertThat(UserCode.causeOf(hostile)).isNull();
        assertThat(UserCode.stackTraceOf(hostile)).isEmpty();
        assertThat(UserCode.textOf(hostile)).isEqualTo(HostileException.class.getName());
    }

    @Test
    void shortensLongMessages() {
        Throwable failure = new IllegalStateException("x".repeat(UserCode.MAX_MESSAGE + 1));

        assertThat(UserCode.messageOf(failure)).hasSize(UserCode.MAX_MESSAGE);
    }

    @Test
    void leavesReadableExceptionsAsTheyAre() {
        Throwable failure = new IllegalStateException("outer", new IllegalArgumentException("inner"));

        assertThat(UserCode.loggable(failure)).isSameAs(failure);
    }

    @Test
    void replacesAnUnreadableExceptionAnywhereInTheChain() {
        Throwable loggable = UserCode.loggable(new IllegalStateException("outer", new HostileException()));

        assertThat(loggable.toString()).isEqualTo("java.lang.IllegalStateException: outer");
        assertThat(loggable.getStackTrace()).isNotEmpty();
        assertThat(String.valueOf(loggable.getCause())).isEqualTo(HostileException.class.getName());
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // It never returns.
    private static <T, E extends Throwable> T sneak(Throwable failure) throws E {
        throw (E) failure;
    }

    /** An exception whose every method throws. */
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // It has no state.
    private static final class HostileException extends RuntimeException {
        @Override
        public @Nullable String getMessage() {
            throw new IllegalStateException("getMessage");
        }

        @Override
        public @Nullable Throwable getCause() {
            throw new LinkageError("getCause");
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw new StackOverflowError("getStackTrace");
        }

        @Override
        public String toString() {
            throw new IllegalStateException("toString");
        }
    }
}
