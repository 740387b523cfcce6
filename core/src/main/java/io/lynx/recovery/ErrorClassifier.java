package io.lynx.recovery;

import io.lynx.extension.ExtensionPoint;
import io.lynx.extension.UserCode;
import io.lynx.recovery.Classification.Disposition;
import io.lynx.recovery.Classification.HttpStatusFailure;
import io.lynx.recovery.classify.ClassificationTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Classifies exceptions: by the application's rules in their order, then by a built-in table. Each is applied to the
 * exception and then to its causes, at most 16, without the wrappers of futures and reflection. An exception to which nothing
 * applies is a system error of medium severity and UNKNOWN disposition.
 *
 * <p>The table covers SQL exceptions by type and SQLState, HTTP responses by {@link HttpStatusFailure}, gRPC responses by the
 * class names {@code io.grpc.StatusRuntimeException} and {@code io.grpc.StatusException} and the status code at the beginning
 * of their messages, the JDK's network, timeout, cancellation, file and security exceptions, and Lynx's own.
 *
 * <p>Immutable and thread-safe; it never throws.
 */
public final class ErrorClassifier {
    private static final Logger log = LoggerFactory.getLogger(ErrorClassifier.class);
    private static final ErrorClassifier STANDARD = builder().build();

    private static final Classification UNKNOWN =
            Classification.of(ErrorCategory.SYSTEM, ErrorSeverity.MEDIUM, Disposition.UNKNOWN);

    private final List<ClassificationRule> rules;

    private ErrorClassifier(List<ClassificationRule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** Returns a classifier with the built-in table alone. */
    public static ErrorClassifier standard() {
        return STANDARD;
    }

    /** Returns a builder without rules. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the classification of {@code throwable}. */
    public Classification classify(Throwable throwable) {
        List<Throwable> chain = ClassificationTable.causes(throwable);
        for (ClassificationRule rule : rules) {
            for (Throwable link : chain) {
                Optional<Classification> found = ask(rule, link);
                if (found.isPresent()) {
                    return found.get();
                }
            }
        }
        for (Throwable link : chain) {
            Optional<Classification> found =
                    UserCode.call(() -> ClassificationTable.find(link), Optional.empty(), _ -> {});
            if (found.isPresent()) {
                return found.get();
            }
        }
        return UNKNOWN;
    }

    @SuppressWarnings("NullAway") // a careless rule may return null
    private static Optional<Classification> ask(ClassificationRule rule, Throwable link) {
        Optional<Classification> found =
                UserCode.call(() -> rule.classify(link), Optional.empty(), failure -> log.atWarn()
                        .setCause(UserCode.loggable(failure))
                        .addKeyValue("rule", rule.getClass().getName())
                        .addKeyValue("exception", link.getClass().getName())
                        .log("Classification rule threw an exception; continuing without it"));
        return found == null ? Optional.empty() : found;
    }

    /** Collects the rules of an {@link ErrorClassifier}. Not thread-safe. */
    public static final class Builder {
        private final List<ClassificationRule> rules = new ArrayList<>();

        private Builder() {}

        /** Adds a rule, which is applied after those added before. */
        public Builder rule(ClassificationRule rule) {
            rules.add(rule);
            return this;
        }

        /** Adds a rule that gives every exception of {@code type} the same classification. */
        public Builder rule(Class<? extends Throwable> type, Classification classification) {
            return rule(throwable -> type.isInstance(throwable) ? Optional.of(classification) : Optional.empty());
        }

        /** Returns the classifier. */
        public ErrorClassifier build() {
            return new ErrorClassifier(rules);
        }
    }

    /** A rule of the application that classifies exceptions. Implementations are thread-safe. */
    @ExtensionPoint(thread = "the thread that records the error", deadline = "none")
    @FunctionalInterface
    public interface ClassificationRule {
        /**
         * Returns the classification of {@code throwable}; empty if the rule does not apply to it. Called for an exception and
         * for each of its causes. What it throws is logged, and the next rule is tried.
         */
        Optional<Classification> classify(Throwable throwable);
    }
}
