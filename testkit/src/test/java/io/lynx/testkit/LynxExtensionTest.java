package io.lynx.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LynxExtension.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LynxExtensionTest {
    private static final AtomicInteger STARTS = new AtomicInteger();
    private static final AtomicInteger METHOD_STARTS = new AtomicInteger();

    @SuppressWarnings("unused") // The extension finds it.
    private static final LynxTest SERVICE = LynxTest.of(FakePlugin.starting("web", context -> {
                STARTS.incrementAndGet();
                context.traffic(new JdkListener("http"));
            }))
            .build();

    @AfterAll
    static void startedOnce() {
        assertThat(STARTS.getAndSet(0)).isEqualTo(1);
        METHOD_STARTS.set(0);
    }

    @Test
    @Order(1)
    void injectsTheTestAndItsClient(LynxTest lynx, HttpClient client, URI url) {
        assertThat(lynx).isSameAs(SERVICE);
        assertThat(client).isSameAs(lynx.http());
        assertThat(url).isEqualTo(lynx.url());
        assertThat(lynx.get("/").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:1", "http://localhost:2"})
    @Order(2)
    void leavesArgumentsToTheirProvider(URI argument) {
        assertThat(argument.getPort()).isIn(1, 2);
    }

    @Nested
    class WithATestForEachMethod {
        @SuppressWarnings("unused") // The extension finds it.
        private final LynxTest own = LynxTest.of(FakePlugin.starting("own", _ -> METHOD_STARTS.incrementAndGet()))
                .manualTime()
                .build();

        @Test
        void startsTheTestForOneMethod() {
            assertThat(own.isRunning()).isTrue();
            assertThat(SERVICE.isRunning()).isTrue();
            assertThat(METHOD_STARTS.get()).isBetween(1, 2);
        }

        @Test
        void startsTheTestAgainForTheNextMethod() {
            assertThat(own.isRunning()).isTrue();
            assertThat(METHOD_STARTS.get()).isBetween(1, 2);
        }
    }

    @Nested
    class WithATestThatRunsAlready {
        @SuppressWarnings("unused") // The extension finds it.
        private final LynxTest own = LynxTest.of(FakePlugin.named("early")).start();

        @Test
        void keepsTheTestRunningDuringTheMethod() {
            assertThat(own.isRunning()).isTrue();
        }
    }
}
