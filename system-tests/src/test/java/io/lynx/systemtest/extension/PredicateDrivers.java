package io.lynx.systemtest.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.http.Routes;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.Fallback;
import io.lynx.resilience.Retry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/** Predicates of policies. They run inline, so each has a route whose handler calls through its policy. */
final class PredicateDrivers {
    private PredicateDrivers() {}

    static List<Driver> all() {
        return List.of(new FailureDriver(), new RetryDriver(), new ResultDriver(), new FallbackDriver());
    }

    private interface FailureWhen extends Predicate<Throwable> {}

    private interface RetryWhen extends Predicate<Exception> {}

    private interface RetryWhenResult extends Predicate<Object> {}

    private interface FallbackWhen extends Predicate<Exception> {}

    /** A policy that calls something. */
    @FunctionalInterface
    private interface Policy {
        String call(Callable<String> call) throws Exception;
    }

    private static String fail() {
        throw new IllegalStateException("provokes the predicate");
    }

    private abstract static class PolicyDriver extends Driver {
        PolicyDriver(Class<?> type) {
            super(type, "test");
        }

        abstract Policy policy(HostileCode code);

        Callable<String> call() {
            return PredicateDrivers::fail;
        }

        @Override
        void routes(Routes routes, HostileCode code) {
            Policy policy = policy(code);
            Routes _ = routes.get(path(), (_, response) -> {
                String answer;
                try {
                    answer = policy.call(call());
                } catch (IllegalStateException expected) {
                    answer = "failed";
                }
                response.send(answer);
            });
        }

        /** The outcome of the call stays what it is, whatever the predicate does. */
        @Override
        void provoke(Subject subject) throws Exception {
            boolean hangs = subject.code().hostility() == Hostility.HANG;
            assertThat(subject.get(path()).statusCode()).isEqualTo(hangs ? 503 : 200);
            assertThat(subject.code().calls(type(), method())).isPositive();
            subject.assertNamed(hangs ? path() : name());
        }
    }

    private static final class FailureDriver extends PolicyDriver {
        FailureDriver() {
            super(FailureWhen.class);
        }

        @Override
        Policy policy(HostileCode code) {
            FailureWhen hostile = hostile(FailureWhen.class, code, _ -> true);
            CircuitBreaker breaker = CircuitBreaker.of(
                    name(), CircuitBreakerConfig.builder().failureWhen(hostile).build());
            return breaker::call;
        }
    }

    private static final class RetryDriver extends PolicyDriver {
        RetryDriver() {
            super(RetryWhen.class);
        }

        /** The pause before the retry heeds the interrupt. */
        @Override
        void provoke(Subject subject) throws Exception {
            if (subject.code().hostility() == Hostility.INTERRUPT) {
                assertThat(subject.get(path()).statusCode()).isEqualTo(500);
            } else {
                super.provoke(subject);
            }
        }

        @Override
        Policy policy(HostileCode code) {
            Retry retry = retry().name(name())
                    .retryWhen(hostile(RetryWhen.class, code, _ -> true))
                    .build();
            return retry::call;
        }
    }

    private static final class ResultDriver extends PolicyDriver {
        ResultDriver() {
            super(RetryWhenResult.class);
        }

        @Override
        Policy policy(HostileCode code) {
            Retry retry = retry().name(name())
                    .retryWhenResult(hostile(RetryWhenResult.class, code, _ -> false))
                    .build();
            return retry::call;
        }

        @Override
        Callable<String> call() {
            return () -> "ok";
        }
    }

    private static Retry.Builder retry() {
        return Retry.builder().initialDelay(Duration.ofMillis(1));
    }

    private static final class FallbackDriver extends PolicyDriver {
        FallbackDriver() {
            super(FallbackWhen.class);
        }

        @Override
        Policy policy(HostileCode code) {
            return call -> Fallback.to("instead")
                    .when(hostile(FallbackWhen.class, code, _ -> true))
                    .call(call);
        }

        /** What the predicate throws is suppressed on the exception that the caller receives. */
        @Override
        void provoke(Subject subject) throws Exception {
            if (!subject.code().hostility().isThrown()) {
                super.provoke(subject);
            } else {
                assertThat(subject.get(path()).body()).isEqualTo("failed");
            }
        }
    }
}
