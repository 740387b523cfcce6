package io.lynx.config;

import io.lynx.config.ConfigNode.Text;
import io.lynx.config.RecordSchema.Component;
import io.lynx.config.RecordSchema.Kind;
import io.lynx.config.RecordSchema.Many;
import io.lynx.config.RecordSchema.Maybe;
import io.lynx.config.RecordSchema.Named;
import io.lynx.config.RecordSchema.Nested;
import io.lynx.config.RecordSchema.Single;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Assigns environment variables to keys. The variable of a key is the key in upper case with {@code _} for every dot
 * and dash. Variables are derived from keys and never the other way round, so only keys that a section has can be set.
 * Where the user chooses names, as in {@code lynx.log.levels.<logger>}, a name that another source mentions is found by
 * the same rule. A new name is the rest of the variable in lower case, with a dot for each underscore and a dash for
 * two of them. A list is written with commas. An empty variable counts as not set.
 *
 * <p>The variables by which Kubernetes announces a service count as not set too. For a service named {@code lynx-metrics} these
 * are {@code LYNX_METRICS_PORT=tcp://10.0.0.7:80}, which no port of a user looks like, and those that begin with {@code
 * LYNX_METRICS_SERVICE_} or {@code LYNX_METRICS_PORT_80_TCP} if that one is set.
 */
final class EnvironmentVariables {
    private static final String PORT = "_PORT";
    private static final Pattern ADDRESS = Pattern.compile("(tcp|udp|sctp)://.+");
    private static final Pattern ANNOUNCEMENT =
            Pattern.compile("_SERVICE_(HOST|PORT(_.+)?)|_PORT(_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?");

    private final TreeMap<String, String> variables = new TreeMap<>();
    private final Set<String> used = new HashSet<>();
    private final Map<String, String> known = new HashMap<>();
    private final List<String> warnings;

    EnvironmentVariables(Map<String, String> environment, List<String> warnings) {
        this.warnings = warnings;
        Set<String> services = services(environment);
        environment.forEach((name, value) -> {
            if (!value.isEmpty() && !announces(name, services)) {
                variables.put(name, value);
            }
        });
    }

    /** Returns the services that Kubernetes announces, each as the beginning of its variables. */
    private static Set<String> services(Map<String, String> environment) {
        Set<String> services = new HashSet<>();
        environment.forEach((name, value) -> {
            if (name.endsWith(PORT) && ADDRESS.matcher(value).matches()) {
                services.add(name.substring(0, name.length() - PORT.length()));
            }
        });
        return services;
    }

    private static boolean announces(String name, Set<String> services) {
        for (int end = name.indexOf('_'); end >= 0; end = name.indexOf('_', end + 1)) {
            if (services.contains(name.substring(0, end))
                    && ANNOUNCEMENT.matcher(name.substring(end)).matches()) {
                return true;
            }
        }
        return false;
    }

    /** Adds the variables that are set for the keys of a section. */
    void addTo(ConfigNode root, String prefix, RecordSchema schema) {
        for (Component component : schema.components()) {
            add(root, prefix + "." + component.key(), component, component.kind());
        }
    }

    private void add(ConfigNode root, String key, Component component, Kind kind) {
        switch (kind) {
            case Nested nested -> addTo(root, key, nested.schema());
            case Maybe maybe -> add(root, key, component, maybe.element());
            case Named named -> addNamed(root, key, named.element());
            case Many many -> {
                if (many.element() instanceof Single) {
                    addValue(root, key, component.variable());
                }
            }
            case Single single -> addValue(root, key, component.variable());
        }
    }

    private void addValue(ConfigNode root, String key, @Nullable String alias) {
        String name = ConfigKey.variable(key);
        known.put(name, key);
        String value = variables.get(name);
        if (alias != null) {
            known.put(alias, key);
            String other = variables.get(alias);
            if (other != null) {
                used.add(alias);
                if (value == null) {
                    put(root, key, alias, other);
                } else if (!value.equals(other)) {
                    warnings.add(alias + ": not used, since " + name + " sets " + key + " too; keep one of the two");
                }
            }
        }
        if (value != null) {
            put(root, key, name, value);
        }
    }

    private void put(ConfigNode root, String key, String name, String value) {
        used.add(name);
        Origin origin = Origin.of("env " + name);
        root.at(key, origin).put(new Text(value, true, origin), Layer.ENVIRONMENT);
    }

    private void addNamed(ConfigNode root, String key, Kind element) {
        String prefix = ConfigKey.variable(key) + "_";
        Map<String, String> endings = endings(element);
        for (Map.Entry<String, String> variable :
                variables.tailMap(prefix, false).entrySet()) {
            String name = variable.getKey();
            if (!name.startsWith(prefix)) {
                return;
            }
            String rest = name.substring(prefix.length());
            String best = null;
            for (String ending : endings.keySet()) {
                boolean fits = rest.endsWith(ending) && rest.length() > ending.length();
                if (fits && (best == null || ending.length() > best.length())) {
                    best = ending;
                }
            }
            if (best != null) {
                String chosen = rest.substring(0, rest.length() - best.length());
                put(
                        root,
                        key + "." + chosenName(root.find(key), chosen) + endings.get(best),
                        name,
                        variable.getValue());
            }
        }
    }

    /**
     * Returns the endings that can follow a chosen name: each as part of a variable, with the same as part of a key.
     */
    private static Map<String, String> endings(Kind element) {
        Map<String, String> endings = new HashMap<>();
        switch (element) {
            case Nested nested -> addEndings("", nested.schema(), endings);
            case Single single -> endings.put("", "");
            case Many many -> endings.put("", "");
            case Named named -> {}
            case Maybe maybe -> {}
        }
        return endings;
    }

    private static void addEndings(String prefix, RecordSchema schema, Map<String, String> endings) {
        for (Component component : schema.components()) {
            String key = prefix + "." + component.key();
            Kind kind = component.kind() instanceof Maybe maybe ? maybe.element() : component.kind();
            if (kind instanceof Nested nested) {
                addEndings(key, nested.schema(), endings);
            } else if (kind instanceof Single || kind instanceof Many) {
                endings.put(ConfigKey.variable(key), key);
            }
        }
    }

    private static String chosenName(@Nullable ConfigNode node, String variable) {
        String mentioned = node == null ? null : mentioned(node, "", variable);
        return mentioned != null
                ? mentioned
                : variable.toLowerCase(Locale.ROOT).replace("__", "-").replace('_', '.');
    }

    private static @Nullable String mentioned(ConfigNode node, String prefix, String variable) {
        for (Map.Entry<String, ConfigNode> child : node.children().entrySet()) {
            String name = prefix + child.getKey();
            String asVariable = ConfigKey.variable(name);
            if (asVariable.equals(variable)) {
                return name;
            }
            if (variable.startsWith(asVariable + "_")) {
                String deeper = mentioned(child.getValue(), name + ".", variable);
                if (deeper != null) {
                    return deeper;
                }
            }
        }
        return null;
    }

    /**
     * Warns of the variables with {@code prefix} that set no key.
     *
     * @param otherwiseUsed variables with a meaning other than a key
     * @param absent sections of plugins that are not installed, and their artifacts
     */
    void warnOfUnused(String prefix, Set<String> otherwiseUsed, Map<String, String> absent) {
        for (Map.Entry<String, String> variable : variables.tailMap(prefix).entrySet()) {
            String name = variable.getKey();
            if (!name.startsWith(prefix)) {
                return;
            }
            if (!used.contains(name) && !otherwiseUsed.contains(name)) {
                warnings.add(name + " sets nothing; " + advice(name, absent));
            }
        }
    }

    /**
     * Warns of the variables that begin like those of {@code section}, set no key, and are similar to the variable of a
     * key.
     */
    void warnOfMistaken(String section) {
        String prefix = ConfigKey.variable(section) + "_";
        for (String name : variables.tailMap(prefix).keySet()) {
            if (!name.startsWith(prefix)) {
                return;
            }
            String meant = used.contains(name) ? null : Suggestions.closest(name, known.keySet());
            if (meant != null) {
                warnings.add(name + " sets nothing; did you mean " + meant + "?");
            }
        }
    }

    private String advice(String name, Map<String, String> absent) {
        for (Map.Entry<String, String> plugin : absent.entrySet()) {
            if (name.startsWith(ConfigKey.variable(plugin.getKey()) + "_")) {
                return "it belongs to " + plugin.getValue() + ", which is not installed";
            }
        }
        String meant = Suggestions.closest(name, known.keySet());
        return meant == null ? "no key has this variable" : "did you mean " + meant + "?";
    }
}
