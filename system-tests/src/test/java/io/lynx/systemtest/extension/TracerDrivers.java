package io.lynx.systemtest.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.context.RequestContext;
import io.lynx.context.Span;
import io.lynx.context.SpanKind;
import io.lynx.context.TraceContext;
import io.lynx.context.Tracer;
import io.lynx.context.Tracer.TracedSpan;
import io.lynx.context.Tracing;
import io.lynx.http.Routes;
import io.lynx.plugin.PluginContext;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What is called for work that is traced. */
final class TracerDrivers {
    private TracerDrivers() {}

    static List<Driver> all() {
        TracerByName tracer = new TracerByName();
        return List.of(
                new TracerDriver(Tracer.class, "start", tracer),
                new TracerDriver(TracedSpan.class, "context", tracer),
                new TracerDriver(TracedSpan.class, "attribute", tracer),
                new TracerDriver(TracedSpan.class, "end", tracer));
    }

    /**
     * The one tracer of the application: for spans whose name is that of a driver it has hostile code, all others are not recorded. A
     * tracer that hangs on the event loop would leave nothing to test.
     */
    private static final class TracerByName implements Tracer {
        private final Map<String, Tracer> hostile = new ConcurrentHashMap<>();

        @Override
        public TracedSpan start(
                SpanKind kind, String name, @Nullable TraceContext parent, @Nullable TraceContext link) {
            Tracer own = hostile.get(name);
            return own == null ? new GoodSpan(false) : own.start(kind, name, parent, link);
        }
    }

    /**
     * A span that works.
     *
     * @param isSampled whether it claims to be recorded
     */
    private record GoodSpan(boolean isSampled) implements TracedSpan {
        @Override
        public TraceContext context() {
            return new TraceContext("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", isSampled, "");
        }

        @Override
        public void attribute(String name, String value) {}

        @Override
        public void attribute(String name, long value) {}

        @Override
        public void end(String error) {}
    }

    /** A handler that has a span of its own. */
    private static final class TracerDriver extends Driver {
        private final TracerByName tracer;
        private volatile @Nullable Tracing tracing;

        TracerDriver(Class<?> type, String method, TracerByName tracer) {
            super(type, method);
            this.tracer = tracer;
        }

        @Override
        void start(PluginContext context, HostileCode code) {
            Tracing shared = context.resource(Tracing.KEY);
            Tracer good = (_, _, _, _) -> new GoodSpan(true);
            tracer.hostile.put(
                    name(),
                    type() == Tracer.class
                            ? hostile(Tracer.class, code, good)
                            : (_, _, _, _) -> hostile(TracedSpan.class, code, new GoodSpan(true)));
            if (!shared.isActive()) {
                context.own(shared.install(tracer));
            }
            tracing = shared;
        }

        @Override
        void routes(Routes routes, HostileCode code) {
            Routes _ = routes.get(path(), (_, response) -> {
                RequestContext outer = RequestContext.current();
                Span span = Objects.requireNonNull(tracing).begin(SpanKind.INTERNAL, name(), outer);
                span.attribute("text", "a");
                span.attribute("number", 1);
                String inside = span.in(outer).call(outer::requestId);
                span.end("");
                response.send(inside);
            });
        }

        @Override
        void provoke(Subject subject) throws Exception {
            int status = subject.get(path()).statusCode();

            assertThat(subject.code().calls(type(), method())).isPositive();
            assertThat(status).isEqualTo(subject.code().hostility() == Hostility.HANG ? 503 : 200);
            if (subject.code().hostility().isThrown()) {
                // One line a minute stands for all failures.
                subject.assertNamed("Tracer " + TracerByName.class.getName() + " failed");
            } else {
                subject.assertNamed(path());
            }
        }
    }
}
