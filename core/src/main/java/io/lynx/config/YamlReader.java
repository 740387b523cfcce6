package io.lynx.config;

import io.lynx.config.ConfigurationException.ConfigProblem;
import io.lynx.config.YamlNode.Mapping;
import io.lynx.config.YamlNode.Scalar;
import io.lynx.config.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Reads one YAML 1.2 document from the parser's events, which carry line and column. Scalars stay text, since the type
 * of the key decides their meaning. Depth and size are bounded, with every alias counted in full, so that neither deep
 * nesting nor aliases of aliases can exhaust memory. The merge key {@code <<} of YAML 1.1 is supported, since it is
 * widely used.
 *
 * <p>No problem repeats the text of a value, since a password without quotes may begin like an alias, an anchor or a tag.
 */
final class YamlReader {
    static final int MAX_DEPTH = 64;
    static final int MAX_NODES = 100_000;
    static final String UNKNOWN_TAG =
            "a value that begins with '!' has a tag, and this one is unknown; quote the value if it is text";
    private static final String UNKNOWN_ALIAS =
            "a value that begins with '*' is an alias, and no anchor of its name ends before it; quote the value if it is"
                    + " text";
    private static final String EMPTY_ANCHOR =
            "a value that begins with '&' is an anchor, and nothing follows it; quote the value if it is text";

    private final String name;
    private final List<ConfigProblem> problems;
    private final Iterator<Event> events;
    private final Map<String, YamlNode> anchors = new HashMap<>();
    private int nodes;

    private YamlReader(String name, Iterator<Event> events, List<ConfigProblem> problems) {
        this.name = name;
        this.events = events;
        this.problems = problems;
    }

    /** Ends the reading of an invalid document, whose problem has been recorded. */
    private static final class Unreadable extends RuntimeException {
        Unreadable() {
            super(null, null, false, false);
        }
    }

    /**
     * Reads a document.
     *
     * @param name the name of the file, for messages
     * @param problems receives the problems
     * @return its keys and values; empty if it has none or is invalid
     */
    static Optional<Mapping> read(String name, String text, List<ConfigProblem> problems) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(name)
                .setCodePointLimit(Integer.MAX_VALUE)
                .build();
        try {
            Iterator<Event> events = new ParserImpl(settings, new StreamReader(settings, text));
            return new YamlReader(name, events, problems).document();
        } catch (Unreadable noted) {
            return Optional.empty();
        } catch (MarkedYamlEngineException invalid) {
            problems.add(new ConfigProblem(YamlSyntax.problem(name, text, invalid)));
        } catch (ReaderException invalid) {
            String before = text.substring(0, Math.clamp(invalid.getPosition(), 0, text.length()));
            problems.add(new ConfigProblem("%s:%d: the character U+%04X; YAML allows printable ones only"
                    .formatted(name, before.chars().filter(c -> c == '\n').count() + 1, invalid.getCodePoint())));
        } catch (YamlEngineException invalid) {
            problems.add(new ConfigProblem(name + ": not YAML"));
        }
        return Optional.empty();
    }

    private Optional<Mapping> document() {
        Optional<Mapping> root = Optional.empty();
        int documents = 0;
        while (events.hasNext()) {
            Event event = events.next();
            switch (event.getEventId()) {
                case DocumentStart -> {
                    documents++;
                    if (documents > 1) {
                        throw fail(event, "a second document; a configuration file is one document");
                    }
                }
                case Scalar, SequenceStart, MappingStart, Alias -> root = root(event);
                default -> {}
            }
        }
        return root;
    }

    private Optional<Mapping> root(Event event) {
        return switch (node(event, 0)) {
            case Mapping mapping -> Optional.of(mapping);
            case Scalar scalar when scalar.isNull() -> Optional.empty();
            case Scalar scalar -> throw fail(event, "one value; a configuration file holds keys and values");
            case Sequence sequence -> throw fail(event, "a list; a configuration file holds keys and values");
        };
    }

    private YamlNode node(Event event, int depth) {
        if (depth > MAX_DEPTH) {
            throw fail(event, "nested more than " + MAX_DEPTH + " deep");
        }
        YamlNode node =
                switch (event) {
                    case ScalarEvent scalar -> scalar(scalar);
                    case SequenceStartEvent start -> sequence(start, depth);
                    case MappingStartEvent start -> mapping(start, depth);
                    case AliasEvent alias -> aliased(alias);
                    default -> throw fail(event, "unexpected " + event.getEventId());
                };
        if (event instanceof NodeEvent anchored && !(event instanceof AliasEvent)) {
            Optional<Anchor> anchor = anchored.getAnchor();
            if (anchor.isPresent()) {
                if (node instanceof Scalar scalar
                        && scalar.isNull()
                        && scalar.text().isEmpty()) {
                    throw fail(event, EMPTY_ANCHOR);
                }
                anchors.put(anchor.get().getValue(), node);
            }
        }
        return node;
    }

    private Scalar scalar(ScalarEvent event) {
        count(event, 1);
        requireKnownTag(event, event.getTag());
        String text = event.getValue();
        boolean isNull = event.isPlain()
                && event.getTag().isEmpty()
                && switch (text) {
                    case "", "~", "null", "Null", "NULL" -> true;
                    default -> false;
                };
        return new Scalar(text, isNull, line(event));
    }

    private Sequence sequence(SequenceStartEvent start, int depth) {
        count(start, 1);
        requireKnownTag(start, start.getTag());
        List<YamlNode> items = new ArrayList<>();
        int weight = 1;
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            YamlNode item = node(event, depth + 1);
            weight += item.weight();
            items.add(item);
        }
        return new Sequence(List.copyOf(items), line(start), weight);
    }

    private Mapping mapping(MappingStartEvent start, int depth) {
        count(start, 1);
        requireKnownTag(start, start.getTag());
        Map<String, YamlNode> entries = new LinkedHashMap<>();
        Map<String, Integer> lines = new HashMap<>();
        List<Mapping> merged = new ArrayList<>();
        int weight = 1;
        for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            String key = key(event);
            YamlNode value = node(events.next(), depth + 1);
            weight += value.weight();
            if (key.equals("<<")) {
                merged.addAll(mergeable(event, value));
            } else if (entries.containsKey(key)) {
                problems.add(problem(
                        event, "the key '" + key + "' again, first in line " + lines.get(key) + "; write it once"));
            } else {
                entries.put(key, value);
                lines.put(key, line(event));
            }
        }
        for (Mapping from : merged) {
            from.entries().forEach(entries::putIfAbsent);
            from.lines().forEach(lines::putIfAbsent);
        }
        return new Mapping(entries, lines, line(start), weight);
    }

    private String key(Event event) {
        if (!(event instanceof ScalarEvent scalar)) {
            throw fail(event, "a key that is a list, a section or an alias; keys are text");
        }
        Scalar key = scalar(scalar);
        if (key.isNull() || key.text().isBlank()) {
            throw fail(event, "an empty key; keys are text");
        }
        return key.text();
    }

    private List<Mapping> mergeable(Event at, YamlNode value) {
        List<YamlNode> candidates = value instanceof Sequence sequence ? sequence.items() : List.of(value);
        List<Mapping> mappings = new ArrayList<>();
        for (YamlNode candidate : candidates) {
            if (!(candidate instanceof Mapping mapping)) {
                throw fail(at, "'<<' merges something that is not a section");
            }
            mappings.add(mapping);
        }
        return mappings;
    }

    private YamlNode aliased(AliasEvent alias) {
        @Nullable YamlNode target = anchors.get(alias.getAlias().getValue());
        if (target == null) {
            throw fail(alias, UNKNOWN_ALIAS);
        }
        count(alias, target.weight());
        return target;
    }

    private void count(Event event, int more) {
        nodes += more;
        if (nodes > MAX_NODES) {
            throw fail(event, "more than " + MAX_NODES + " values, aliases counted in full");
        }
    }

    private void requireKnownTag(Event event, Optional<String> tag) {
        if (tag.isPresent() && !isKnownTag(tag.get())) {
            throw fail(event, UNKNOWN_TAG);
        }
    }

    private static boolean isKnownTag(String tag) {
        return switch (tag) {
            case "!",
                    "tag:yaml.org,2002:str",
                    "tag:yaml.org,2002:int",
                    "tag:yaml.org,2002:float",
                    "tag:yaml.org,2002:bool",
                    "tag:yaml.org,2002:null",
                    "tag:yaml.org,2002:map",
                    "tag:yaml.org,2002:seq" -> true;
            default -> false;
        };
    }

    private Unreadable fail(Event event, String what) {
        problems.add(problem(event, what));
        return new Unreadable();
    }

    private ConfigProblem problem(Event event, String what) {
        Optional<Mark> mark = event.getStartMark();
        int column = mark.map(Mark::getColumn).orElse(0) + 1;
        return new ConfigProblem(name + ":" + line(event) + ":" + column + ": " + what);
    }

    private static int line(Event event) {
        Optional<Mark> mark = event.getStartMark();
        return mark.isPresent() ? mark.get().getLine() + 1 : 0;
    }
}
