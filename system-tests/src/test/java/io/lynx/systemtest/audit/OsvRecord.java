package io.lynx.systemtest.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.lynx.systemtest.audit.Advisory.Affected;
import io.lynx.systemtest.audit.VersionRange.Event;
import io.lynx.systemtest.audit.VersionRange.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One record of an OSV export.
 *
 * @param origin where it was read, for messages
 */
record OsvRecord(JsonNode json, String origin) {
    private static final String ECOSYSTEM = "Maven";

    OsvRecord {
        if (!json.isObject()) {
            throw new AuditException(origin + ": not an OSV record: an object is needed");
        }
        if (!json.path("id").isTextual()) {
            throw new AuditException(origin + ": not an OSV record: it has no 'id'");
        }
    }

    /** Returns the advisory; empty if it was withdrawn or affects no Maven package. */
    Optional<Advisory> advisory() {
        if (json.hasNonNull("withdrawn")) {
            return Optional.empty();
        }
        List<Affected> affected = new ArrayList<>();
        for (JsonNode each : json.path("affected")) {
            if (isOfMaven(each.path("package").path("ecosystem").asText(""))) {
                affected.add(affected(each));
            }
        }
        if (affected.isEmpty()) {
            return Optional.empty();
        }
        String id = json.path("id").asText();
        return Optional.of(new Advisory(id, texts(json.path("aliases")), summary(), affected));
    }

    /** The ecosystem may name a repository: {@code Maven:https://repo.example.com}. */
    private static boolean isOfMaven(String ecosystem) {
        return ecosystem.equals(ECOSYSTEM) || ecosystem.startsWith(ECOSYSTEM + ":");
    }

    private String summary() {
        return json.path("summary")
                .asText(json.path("details").asText(""))
                .lines()
                .findFirst()
                .orElse("");
    }

    private Affected affected(JsonNode node) {
        String name = node.path("package").path("name").asText("");
        if (name.indexOf(':') < 0) {
            throw problem("package name '" + name + "'; 'group:artifact' is needed");
        }
        List<VersionRange> ranges = new ArrayList<>();
        for (JsonNode range : node.path("ranges")) {
            String type = range.path("type").asText("");
            switch (type) {
                case "ECOSYSTEM", "SEMVER" -> ranges.add(new VersionRange(events(range.path("events"))));
                case "GIT" -> {
                    // Commits say nothing about the versions of a Maven package.
                }
                default -> throw problem("range type '" + type + "'; ECOSYSTEM, SEMVER or GIT is needed");
            }
        }
        Set<String> versions = new HashSet<>(texts(node.path("versions")));
        return new Affected(name, versions, ranges);
    }

    private List<Event> events(JsonNode nodes) {
        List<Event> events = new ArrayList<>();
        for (JsonNode node : nodes) {
            int before = events.size();
            for (Kind kind : Kind.values()) {
                JsonNode version = node.path(kind.name().toLowerCase(Locale.ROOT));
                if (version.isTextual()
                        && !(kind == Kind.LIMIT && version.asText().equals("*"))) {
                    events.add(new Event(kind, version.asText()));
                }
            }
            if (events.size() == before && !node.has("limit")) {
                throw problem("event " + node + "; 'introduced', 'fixed', 'last_affected' or 'limit' is needed");
            }
        }
        return events;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.asText()));
        return texts;
    }

    private AuditException problem(String what) {
        return new AuditException(origin + ": " + json.path("id").asText() + ": " + what);
    }
}
