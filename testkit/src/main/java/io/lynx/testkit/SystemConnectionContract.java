package io.lynx.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lynx.app.StartException;
import io.lynx.context.RequestContext;
import io.lynx.context.SpanKind;
import io.lynx.context.TraceContext;
import io.lynx.context.Tracing;
import io.lynx.extension.Registration;
import io.lynx.health.HealthStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The part of {@link SystemPluginContract} on TLS and traces. Used by one thread. */
public abstract class SystemConnectionContract extends SystemPluginFixture {
    /** For the contract. */
    SystemConnectionContract() {}

    /** Returns the changes that make the plugin use TLS with copies of the files of {@link #certificate}. */
    private Map<String, String> tls(Path ca) throws Exception {
        LoopbackCertificate own = certificate();
        Map<String, String> changes = new LinkedHashMap<>(tlsConfiguration());
        changes.put("tls.enabled", "true");
        changes.put("tls.ca", ca.toString());
        changes.put("tls.certificate", own.certificate().toString());
        changes.put("tls.key", own.key().toString());
        return changes;
    }

    /** Connections use TLS, with a certificate of the client for servers that require one. */
    @Test
    public void connectsByTlsWithACertificateOfItsOwn() throws Exception {
        LynxTest lynx = start(tls(certificate().certificate()));

        call(lynx, NAME);

        awaitStatus(lynx, HealthStatus.UP);
    }

    /** A server whose certificate comes from an unknown authority is refused. */
    @Test
    public void doesNotTrustAnUnknownAuthority() throws Exception {
        Map<String, String> changes = new LinkedHashMap<>(tlsConfiguration());
        changes.put("tls.enabled", "true");
        LynxTest lynx = closeLater(
                application(changes).with("lynx.startup.plugin_timeout", "4s").build());

        StartException failure = assertThrows(StartException.class, lynx::start);

        assertEquals(69, failure.exitCode());
        String message = String.valueOf(failure.getMessage());
        assertTrue(message.contains("cannot be reached") || message.contains("does not accept"), message);
    }

    /** A file that is not a certificate ends the start; the message names the key. */
    @Test
    public void namesAFileOfTlsThatCannotBeUsed() throws Exception {
        Path wrong = Files.writeString(folder.resolve("wrong.pem"), "not a certificate\n");
        LynxTest lynx = closeLater(application(tls(wrong)).build());

        StartException failure = assertThrows(StartException.class, lynx::start);

        String message = String.valueOf(failure.getMessage());
        assertTrue(message.contains("tls"), message);
    }

    /** New connections read the files again: an authority that was replaced on the disk is trusted without a restart. */
    @Test
    public void readsTheFilesOfTlsAgain() throws Exception {
        LoopbackCertificate other = LoopbackCertificate.make(Files.createDirectory(folder.resolve("other")));
        Path ca = Files.copy(other.certificate(), folder.resolve("ca.pem"));
        Map<String, String> changes = tls(ca);
        changes.put("startup", "degrade");
        LynxTest lynx = start(changes);
        awaitStatus(lynx, HealthStatus.DOWN);

        Path next = Files.copy(certificate().certificate(), folder.resolve("next.pem"));
        Path _ = Files.move(next, ca, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);

        awaitStatus(lynx, HealthStatus.UP);
        awaitCall(lynx);
    }

    /** A call inside of a span is a span of its own, by the semantic conventions of OpenTelemetry. */
    @Test
    public void callsAreTraced() throws Exception {
        LynxTest lynx = start();
        SpanRecorder.Recorded span = onlyCall(lynx, () -> call(lynx, NAME));

        assertEquals("", span.error());
        spanAttributes()
                .forEach((name, value) -> assertEquals(value, span.attributes().get(name), name));
    }

    /** The span of a call that fails has the type of the failure. */
    @Test
    public void aFailureIsPartOfItsSpan() throws Exception {
        LynxTest lynx = start();
        SpanRecorder.Recorded span = onlyCall(lynx, () -> {
            Exception _ = assertThrows(Exception.class, () -> rejectedCall(lynx, NAME));
        });

        assertTrue(!String.valueOf(span.error()).isEmpty(), "the span has ended as if its call had succeeded");
    }

    /** Does something inside of a span, and returns the span of the last call that it makes. */
    private static SpanRecorder.Recorded onlyCall(LynxTest lynx, Action action) throws Exception {
        Tracing tracing = lynx.resource(Tracing.KEY);
        SpanRecorder recorder = new SpanRecorder();
        try (Registration _ = tracing.install(recorder)) {
            TraceContext around = tracing.call("contract", () -> {
                action.run();
                return RequestContext.current().trace().orElseThrow();
            });
            List<SpanRecorder.Recorded> calls = recorder.spans().stream()
                    .filter(span -> span.isCallIn(around))
                    .toList();
            assertTrue(!calls.isEmpty(), "no span of kind " + SpanKind.CLIENT + " or " + SpanKind.PRODUCER);
            return calls.getLast();
        }
    }
}
