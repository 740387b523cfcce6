package io.lynx.app.reload;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.config.Binding;
import io.lynx.config.Config;
import io.lynx.config.ConfigEvent;
import io.lynx.config.ConfigSection;
import io.lynx.config.ConfigurationException;
import io.lynx.config.ConfigurationException.ConfigProblem;
import io.lynx.config.FileContents;
import io.lynx.config.ReloadReport;
import io.lynx.extension.Notifier;
import io.lynx.extension.UserCode;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.PluginDescriptor.Stage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/*
 * Everything that can be refused is refused before anything changes: the sources are read, the plugins found and every
 * section bound as at a start. Only then do the reloadable sections receive their records, one after another. If one of
 * them throws, errors included, it and those before it receive their old records again. The configuration in force changes last, in one
 * step.
 *
 * The report compares the configuration in force before and after, and the one in force with the one that was read. So
 * its lists of keys are always what happened.
 */

/** Reads the configuration again and puts in force what can change while the application runs. Thread-safe. */
public final class ConfigReload {
    private final Supplier<Config> load;
    private final Function<Config, ReadConfig> validate;
    private final ReadConfig running;
    private final CurrentConfig current;
    private final List<ReloadableSection<?>> sections;
    private final Notifier<ConfigEvent> notifier;
    private final ReloadProgress progress;

    private final ReentrantLock oneReload = new ReentrantLock();
    private volatile FileContents tried;

    @GuardedBy("oneReload")
    private List<String> warned;

    /**
     * Creates a reload; nothing is read before {@link #reload}.
     *
     * @param load reads all sources
     * @param validate binds and validates the configuration that was read, as at the start
     * @param running what the application was started with
     * @param sections every section of the application that can change
     * @param notifier receives the result of each reload
     * @param progress names a reload that does not return; of this reload alone
     */
    public ConfigReload(
            Supplier<Config> load,
            Function<Config, ReadConfig> validate,
            ReadConfig running,
            CurrentConfig current,
            List<ReloadableSection<?>> sections,
            Notifier<ConfigEvent> notifier,
            ReloadProgress progress) {
        this.load = load;
        this.validate = validate;
        this.running = running;
        this.current = current;
        this.sections = List.copyOf(sections);
        this.notifier = notifier;
        this.progress = progress;
        this.tried = running.config().contents();
        this.warned = running.warnings();
    }

    /**
     * Reads all sources and applies the changes that can be applied now.
     *
     * @throws ConfigurationException with all problems if the configuration is not valid or a part of the application
     *     refused it; nothing has changed then
     * @throws IllegalStateException if another reload is in progress, also if this one is requested by code that it calls;
     *     the message says what that reload does
     */
    public ReloadReport reload() {
        if (oneReload.isHeldByCurrentThread() || !oneReload.tryLock()) {
            throw new IllegalStateException(
                    "configuration: cannot be reloaded now; another reload is in progress" + progress.describe());
        }
        try {
            progress.begin();
            return accept();
        } catch (ConfigurationException refused) {
            throw published(refused);
        } catch (Throwable failed) {
            UserCode.rethrowIfFatal(failed);
            throw published(asRefusal(failed));
        } finally {
            progress.end();
            oneReload.unlock();
        }
    }

    /**
     * Converts a failure: an {@link IllegalArgumentException} is a refusal, all others are faults of the part that
     * threw.
     */
    private static ConfigurationException asRefusal(Throwable failed) {
        String message = failed instanceof IllegalArgumentException
                ? String.valueOf(UserCode.messageOf(failed))
                : "configuration: could not be applied; " + UserCode.describe(failed);
        ConfigurationException refusal = new ConfigurationException(List.of(new ConfigProblem(message)));
        refusal.initCause(failed);
        return refusal;
    }

    private ConfigurationException published(ConfigurationException refused) {
        List<String> messages =
                refused.problems().stream().map(ConfigProblem::message).toList();
        progress.publishing();
        notifier.publish(new ConfigEvent.Refused(messages, refused.getCause()));
        return refused;
    }

    @GuardedBy("oneReload")
    private ReloadReport accept() {
        Config config = load.get();
        tried = tried.then(config.contents());
        ReadConfig next = validate.apply(config);
        Binding before = current.inForce();
        List<ReloadableSection<?>> changeable = new ArrayList<>(sections);
        changeable.addAll(current.ofPlugins());
        Set<String> keys = new HashSet<>();
        changeable.forEach(section -> keys.addAll(section.keys()));
        apply(changeable, before, before.adopt(next.binding(), keys));
        current.accept(next.binding(), keys);
        Binding after = current.inForce();
        List<String> known = warned;
        warned = next.warnings();
        ReloadReport report = new ReloadReport(
                changes(before, after, _ -> null), changes(after, next.binding(), key -> plugin(key, next)));
        progress.publishing();
        notifier.publish(new ConfigEvent.Reloaded(
                report.appliedKeys(),
                report.restartRequiredKeys(),
                warned.stream().filter(warning -> !known.contains(warning)).toList()));
        return report;
    }

    private void apply(List<ReloadableSection<?>> changeable, Binding before, Binding after) {
        Deque<ReloadableSection<?>> applied = new ArrayDeque<>();
        try {
            for (ReloadableSection<?> section : changeable) {
                applied.push(section);
                pass(section, before, after);
            }
        } catch (Throwable refused) {
            UserCode.rethrowIfFatal(refused);
            for (ReloadableSection<?> section : applied) {
                boolean _ = UserCode.run(() -> pass(section, after, before), stuck -> suppress(stuck, refused));
            }
            throw refused;
        }
    }

    private void pass(ReloadableSection<?> section, Binding before, Binding after) {
        progress.applying(section.section());
        section.apply(before, after);
    }

    /** The virtual machine throws some exceptions twice, so the two may be the same, which cannot be suppressed. */
    @SuppressWarnings("ReferenceEquality") // Identity is the question here.
    private static void suppress(Throwable stuck, Throwable refused) {
        if (stuck != refused) {
            refused.addSuppressed(stuck);
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

    /**
     * Returns the id of the plugin that has the key in its section; null unless it runs, is to run and can be restarted
     * by itself.
     */
    private @Nullable String plugin(String key, ReadConfig next) {
        Set<String> wanted = next.plugins().stream().map(PluginDescriptor::id).collect(Collectors.toSet());
        for (PluginDescriptor descriptor : running.plugins()) {
            if (wanted.contains(descriptor.id())
                    && descriptor.stage() != Stage.MANAGEMENT
                    && descriptor.sections().stream().anyMatch(section -> isIn(section, key))) {
                return descriptor.id();
            }
        }
        return null;
    }

    /** Returns whether the record of a section has the key, or has what the key is a part or an item of. */
    private static boolean isIn(ConfigSection<?> section, String key) {
        return key.startsWith(section.prefix() + ".")
                && section.keys().stream()
                        .anyMatch(own -> key.equals(own) || key.startsWith(own + ".") || key.startsWith(own + "["));
    }

    /** Returns the contents of the files when they were last read, accepted or not. */
    public FileContents tried() {
        return tried;
    }
}
