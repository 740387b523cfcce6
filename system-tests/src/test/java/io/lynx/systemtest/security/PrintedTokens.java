package io.lynx.systemtest.security;

import io.lynx.systemtest.process.Output;
import io.lynx.systemtest.process.ServiceProcess;
import java.util.List;

/** The tokens for development that a service has printed on its terminal. Stateless. */
public final class PrintedTokens {
    /** How each of them begins: the encoded beginning of its header. */
    static final String BEGINNING = "eyJ";

    private PrintedTokens() {}

    /** Returns the token of a caller, which is the line after the one that names the caller. */
    public static String of(ServiceProcess service, String caller) throws InterruptedException {
        Output.Line heading = service.awaitLine("  " + caller + ", roles ");
        Output.Line _ = service.awaitLine(" ready\",\"kv\"");
        List<Output.Line> lines = service.output().lines();
        return lines.get(lines.indexOf(heading) + 1).text().strip();
    }
}
