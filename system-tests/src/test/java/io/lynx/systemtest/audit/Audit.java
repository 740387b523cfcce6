package io.lynx.systemtest.audit;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Names the resolved dependencies that advisories affect: {@code --from FILE|URL LIST…}, where each list is the output of {@code
 * dependency:list} of one module. The exit code is 0 if none is affected, 1 if one is, and 2 if the audit cannot be made.
 */
final class Audit {
    static final int CLEAN = 0;
    static final int AFFECTED = 1;
    static final int UNUSABLE = 2;

    private final PrintStream out;
    private final PrintStream err;

    Audit(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Runs it and exits. */
    public static void main(String[] args) throws InterruptedException {
        System.exit(new Audit(System.out, System.err).run(List.of(args)));
    }

    /** Runs it and returns the exit code. */
    int run(List<String> arguments) throws InterruptedException {
        try {
            if (arguments.size() < 2 || !arguments.getFirst().equals("--from")) {
                throw new AuditException("audit: --from FILE|URL is needed: an OSV export of advisories");
            }
            Map<Dependency, Set<String>> dependencies = dependencies(arguments.subList(2, arguments.size()));
            return report(dependencies, OsvExport.read(arguments.get(1)));
        } catch (AuditException e) {
            err.println(e.getMessage());
            return UNUSABLE;
        }
    }

    /** Returns the dependencies, each with the modules that resolve it. */
    private static Map<Dependency, Set<String>> dependencies(List<String> lists) {
        Map<Dependency, Set<String>> dependencies = new TreeMap<>(Comparator.comparing(Dependency::toString));
        for (String list : lists) {
            for (Dependency dependency : Dependency.read(Path.of(list))) {
                dependencies.computeIfAbsent(dependency, _ -> new TreeSet<>()).add(moduleOf(Path.of(list)));
            }
        }
        if (dependencies.isEmpty()) {
            throw new AuditException("audit: no dependency in " + lists + "; the output of dependency:list is needed");
        }
        return dependencies;
    }

    /** A list is in the folder {@code target} of its module. */
    private static String moduleOf(Path list) {
        Path target = list.getParent();
        Path module = target == null ? null : target.getParent();
        return module == null ? list.toString() : module.toString();
    }

    private int report(Map<Dependency, Set<String>> dependencies, List<Advisory> advisories) {
        List<String> findings = new ArrayList<>();
        dependencies.forEach((dependency, modules) -> {
            for (Advisory advisory : advisories) {
                if (advisory.affects(dependency)) {
                    findings.add(describe(dependency, modules, advisory));
                }
            }
        });
        findings.forEach(out::println);
        out.println("audit: %d dependencies, %d advisories on Maven packages, %d findings"
                .formatted(dependencies.size(), advisories.size(), findings.size()));
        return findings.isEmpty() ? CLEAN : AFFECTED;
    }

    private static String describe(Dependency dependency, Set<String> modules, Advisory advisory) {
        StringBuilder line =
                new StringBuilder(dependency.toString()).append(": ").append(advisory.id());
        if (!advisory.aliases().isEmpty()) {
            line.append(" (").append(String.join(", ", advisory.aliases())).append(')');
        }
        if (!advisory.summary().isBlank()) {
            line.append(' ').append(advisory.summary().strip());
        }
        return line.append("; ")
                .append(advisory.fixFor(dependency)
                        .map(version -> "fixed in " + version)
                        .orElse("no fixed version"))
                .append("; resolved by ")
                .append(String.join(", ", modules))
                .toString();
    }
}
