package io.lynx.app;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.config.Binding;
import io.lynx.config.Config;
import io.lynx.config.ConfigProblem;
import io.lynx.config.ConfigurationException;
import io.lynx.config.FileContents;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.PluginDescriptor.Stage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/*
 * All that can be refused is refused before anything changes: the sources are read, the plugins found and every section
 * bound as at a start. Only then do the followers get their records, one after another; if one of them refuses after all,
 * it and those before it get their old ones back. What is in force is changed last, in one step.
 *
 * What was applied is told by comparing what is in force before and after, and what needs a restart by comparing what is
 * in force with what was read: no list of keys can disagree with what happened.
 */

/** Reads the configuration again, and puts in force what can change while the application runs. Thread-safe. */
final class ConfigReload {
    private final Supplier<Config> load;
    private final Function<Config, Blueprint> draw;
    private final Blueprint running;
    private final LiveBinding live;
    private final List<Follower<?>> followers;
    private final Set<String> keys;
    private final LifeEvents life;
    private final LifecycleLog log;

    private final ReentrantLock oneReload = new ReentrantLock();
    private final LongAdder successes = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder problems = new LongAdder();
    private volatile FileContents tried;

    @GuardedBy("oneReload")
    private List<String> warned;

    /**
     * Ready to reload.
     *
     * @param load reads all sources
     * @param draw binds and validates what they say, as at the start
     * @param running what the application was made by
     * @param followers every part whose configuration can change
     */
    ConfigReload(
            Supplier<Config> load,
            Function<Config, Blueprint> draw,
            Blueprint running,
            LiveBinding live,
            List<Follower<?>> followers,
            LifeEvents life,
            LifecycleLog log) {
        this.load = load;
        this.draw = draw;
        this.running = running;
        this.live = live;
        this.followers = List.copyOf(followers);
        this.keys = followers.stream().flatMap(it -> it.keys().stream()).collect(Collectors.toUnmodifiableSet());
        this.life = life;
        this.log = log;
        this.tried = running.config().contents();
        this.warned = running.binding().warnings();
    }

    /**
     * Reads all sources and applies what can be applied.
     *
     * @throws ConfigurationException with all problems if what was read is not valid or a part did not take it; nothing
     *     has changed then
     * @throws IllegalStateException if another reload is under way
     */
    ReloadReport reload() {
        if (!oneReload.tryLock()) {
            throw new IllegalStateException("configuration: cannot be reloaded now; another reload is under way");
        }
        try {
            ReloadReport report = accept();
            successes.increment();
            log.reloaded(report);
            life.reloaded(report);
            return report;
        } catch (ConfigurationException refused) {
            throw said(refused);
        } catch (RuntimeException failed) {
            throw said(asRefusal(failed));
        } finally {
            oneReload.unlock();
        }
    }

    /** A part refuses by {@link IllegalArgumentException}; anything else is a fault in what was asked. */
    private static ConfigurationException asRefusal(RuntimeException failed) {
        String message = failed instanceof IllegalArgumentException
                ? String.valueOf(failed.getMessage())
                : "configuration: could not be taken over; " + failed;
        ConfigurationException refusal = new ConfigurationException(List.of(new ConfigProblem(message)));
        refusal.initCause(failed);
        return refusal;
    }

    private ConfigurationException said(ConfigurationException refused) {
        failures.increment();
        problems.add(refused.problems().size());
        List<String> messages =
                refused.problems().stream().map(ConfigProblem::message).toList();
        log.reloadRefused(messages, refused.getCause());
        life.reloadRefused(messages);
        return refused;
    }

    @GuardedBy("oneReload")
    private ReloadReport accept() {
        Config config = load.get();
        tried = tried.then(config.contents());
        Blueprint next = draw.apply(config);
        Binding before = live.inForce();
        follow(before, before.adopt(next.binding(), keys));
        live.accept(next.binding(), keys);
        Binding after = live.inForce();
        List<String> known = warned;
        next.binding().warnings().stream()
                .filter(warning -> !known.contains(warning))
                .forEach(log::warn);
        warned = next.binding().warnings();
        return new ReloadReport(
                changes(before, after, _ -> null), changes(after, next.binding(), key -> plugin(key, next)));
    }

    private void follow(Binding before, Binding after) {
        Deque<Follower<?>> asked = new ArrayDeque<>();
        try {
            for (Follower<?> follower : followers) {
                asked.push(follower);
                follower.follow(before, after);
            }
        } catch (RuntimeException refused) {
            for (Follower<?> follower : asked) {
                try {
                    follower.follow(after, before);
                } catch (RuntimeException stuck) {
                    refused.addSuppressed(stuck);
                }
            }
            throw refused;
        }
    }

    private static List<ReloadReport.Change> changes(
            Binding before, Binding after, Function<String, @Nullable String> plugin) {
        List<ReloadReport.Change> changes = new ArrayList<>();
        for (Binding.Change change : before.changesTo(after)) {
            var old = change.before();
            var now = change.after();
            changes.add(new ReloadReport.Change(
                    change.key(),
                    old == null ? null : old.value(),
                    now == null ? null : now.value(),
                    now == null ? null : now.source(),
                    plugin.apply(change.key())));
        }
        return changes;
    }

    /** The plugin that runs, is to run, can be restarted by itself and has the key in its section. */
    private @Nullable String plugin(String key, Blueprint next) {
        Set<String> wanted = new HashSet<>(next.graph().order());
        for (String id : running.graph().order()) {
            PluginDescriptor descriptor = running.graph().descriptor(id);
            var section = descriptor.section();
            if (section != null
                    && wanted.contains(id)
                    && descriptor.stage() != Stage.MANAGEMENT
                    && key.startsWith(section.prefix() + ".")) {
                return id;
            }
        }
        return null;
    }

    /** What the files held that were read last, whatever came of it. */
    FileContents tried() {
        return tried;
    }

    /** Total of reloads that were accepted. */
    long successes() {
        return successes.sum();
    }

    /** Total of reloads that were not. */
    long failures() {
        return failures.sum();
    }

    /** Total of problems in what was refused. */
    long problems() {
        return problems.sum();
    }
}
