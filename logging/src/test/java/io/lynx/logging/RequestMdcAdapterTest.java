package io.lynx.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;
import io.lynx.context.RequestContext;
import io.lynx.context.RequestScope;
import io.lynx.context.TraceContext;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RequestMdcAdapterTest {
    private static final TraceContext TRACE = new TraceContext("a".repeat(32), "b".repeat(16), true, "");

    private final LogbackMDCAdapter written = new LogbackMDCAdapter();
    private final LoggerContext context = new LoggerContext();
    private final Logger logger = context.getLogger("test");
    private final List<String> lines = new ArrayList<>();
    private BiConsumer<ILoggingEvent, StringBuilder> format = new JsonFormat()::format;

    @BeforeEach
    void begin() {
        context.setMDCAdapter(written);
        LynxConfigurator.showRequests(context);
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                StringBuilder line = new StringBuilder();
                format.accept(event, line);
                lines.add(line.toString());
            }
        };
        appender.setContext(context);
        appender.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(appender);
    }

    @Test
    void addsTheIdsOfTheBoundRequestOnVirtualAndPlatformThreads() throws Exception {
        RequestContext request = RequestScope.of("r-1", null).withTrace(TRACE);

        for (Thread thread : List.of(
                Thread.ofVirtual().unstarted(() -> request.run(() -> logger.info("in"))),
                Thread.ofPlatform().unstarted(() -> request.run(() -> logger.info("in"))))) {
            thread.start();
            thread.join();
        }
        logger.info("out");

        String ids = "\"mdc\":{\"request_id\":\"r-1\",\"trace_id\":\"" + TRACE.traceId() + "\",\"span_id\":\""
                + TRACE.spanId() + "\"}";
        assertThat(lines.get(0)).contains(ids);
        assertThat(lines.get(1)).contains(ids);
        assertThat(lines.get(2)).doesNotContain("mdc");
        assertThat(context.getStatusManager().getCopyOfStatusList())
                .noneMatch(status -> status.getMessage().contains("mdcAdapter"));
    }

    @Test
    void keepsWhatTheCodeHasWrittenItself() {
        written.put("tenant", "acme");
        RequestScope.of("r-1", null).run(() -> logger.info("both"));
        written.put("request_id", "own");
        RequestScope.of("r-1", null).run(() -> logger.info("own"));
        logger.info("alone");

        assertThat(lines.get(0)).contains("\"mdc\":{\"request_id\":\"r-1\",\"tenant\":\"acme\"}");
        assertThat(lines.get(1)).contains("\"request_id\":\"own\"").doesNotContain("r-1");
        assertThat(lines.get(2)).contains("\"tenant\":\"acme\"");
    }

    @Test
    void showsAnIdOnceIfTheLineHasItAsAKeyValue() {
        format = new TextFormat(ZoneOffset.UTC, false, false)::format;

        RequestScope.of("r-1", null)
                .run(() -> logger.atInfo().addKeyValue("request_id", "r-1").log("once"));
        RequestScope.of("r-1", null).run(() -> logger.info("bound"));

        assertThat(lines.get(0)).containsOnlyOnce("request_id=r-1");
        assertThat(lines.get(1)).containsOnlyOnce("request_id=r-1");
    }

    @Test
    void isReadByThePatternsOfAnOwnConfiguration() {
        PatternLayout pattern = new PatternLayout();
        pattern.setContext(context);
        pattern.setPattern("%X{request_id} %X{trace_id} %msg");
        pattern.start();
        format = (event, out) -> out.append(pattern.doLayout(event));

        RequestScope.of("r-1", null).withTrace(TRACE).run(() -> logger.info("hello"));

        assertThat(lines).containsExactly("r-1 " + TRACE.traceId() + " hello");
    }
}
