package io.lynx.systemtest.fleet;

import io.lynx.systemtest.house.ProjectFiles;
import io.lynx.systemtest.process.DebianPackages;
import io.lynx.systemtest.process.DebianProgram;
import io.lynx.systemtest.process.FreePort;
import io.lynx.systemtest.process.Launch;
import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.systemtest.process.Signal;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code ./build run fleet} as a process that leads a group of its own, as in a terminal, with its logs in a given folder. */
final class FleetCommand implements AutoCloseable {
    private final ServiceProcess process;
    private final Path logs;

    private FleetCommand(ServiceProcess process, Path logs) {
        this.process = process;
        this.logs = logs;
    }

    /**
     * Starts it with the JDK at {@code jdk}.
     *
     * @param folder for its logs
     * @param variables in addition to those that HAProxy needs
     * @param options in addition to those for the port, the logs and the class path
     */
    static FleetCommand start(Path jdk, Path folder, Map<String, String> variables, String... options)
            throws Exception {
        DebianProgram haproxy = DebianPackages.system().program("haproxy", "haproxy");
        Map<String, String> all = new HashMap<>(haproxy.environment());
        all.put("PATH", haproxy.path().getParent() + File.pathSeparator + System.getenv("PATH"));
        all.put("JAVA_HOME", jdk.toString());
        all.putAll(variables);
        Path logs = folder.resolve("logs");
        List<String> command = new ArrayList<>(List.of(
                "setsid",
                ProjectFiles.ROOT.resolve("build").toString(),
                "run",
                "fleet",
                "--port",
                Integer.toString(FreePort.find()),
                "--logs",
                logs.toString(),
                "--class-path",
                Launch.classPathOfTests()));
        command.addAll(List.of(options));
        Path work = Files.createDirectories(folder.resolve("work"));
        return new FleetCommand(Launch.program(work, all, command.toArray(String[]::new)), logs);
    }

    ServiceProcess process() {
        return process;
    }

    /** Waits until everything is ready; returns the URL of HAProxy. */
    String awaitReady() throws InterruptedException {
        var _ = process.awaitLine("Ctrl-C");
        return match(process.output().find("(HAProxy)").orElseThrow().text(), "(http://\\S+)");
    }

    private String line(String name) {
        return process.output()
                .find(name + " ")
                .orElseThrow(() -> process.failure("no " + name))
                .text();
    }

    /** The process id of a service. */
    long pid(String name) {
        return Long.parseLong(match(line(name), "pid (\\d+)"));
    }

    /** The URL of a service, past HAProxy. */
    String url(String name) {
        return match(line(name), "(http://[^,]+)");
    }

    /** Sends a signal to a service. */
    void signal(String name, Signal signal) {
        if (!signal.sendTo(pid(name))) {
            throw process.failure("no process " + name);
        }
    }

    /** What a process has logged. */
    String log(String name) throws IOException {
        return Files.readString(logs.resolve(name + ".log"));
    }

    /** The processes that its shell has started, without those that they have started. */
    List<ProcessHandle> children() throws InterruptedException {
        return ProcessHandle.of(process.pid())
                .orElseThrow()
                .children()
                .flatMap(ProcessHandle::children)
                .toList();
    }

    private String match(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw process.failure("'" + text + "' is not as " + pattern);
        }
        return matcher.group(1);
    }

    @Override
    public void close() {
        process.close();
    }
}
