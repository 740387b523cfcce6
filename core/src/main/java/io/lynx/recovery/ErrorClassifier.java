package io.lynx.recovery;

import io.lynx.extension.UserCode;
import io.lynx.recovery.classify.ClassificationTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what an exception means. The user's rules are asked first, in their order, then a built-in table; each about the
 * exception and then its causes, at most 16, without the wrappers of futures and reflection. What nobody knows is an
 * UNKNOWN system error of medium severity.
 *
 * <p>The table knows SQL exceptions by type and SQLState, HTTP answers by {@link HttpStatusFailure}, gRPC answers by the
 * class names {@code io.grpc.StatusRuntimeException} and {@code io.grpc.StatusException} and the status code that their
 * messages begin with, the JDK's network, timeout, cancellation, file and security exceptions, and Lynx's own.
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

    /** The built-in table alone. */
    public static ErrorClassifier standard() {
        return STANDARD;
    }

    /** A builder without rules. */
    public static Builder builder() {
        return new Builder();
    }

    /** What {@code throwable} means. */
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

        /** Asks {@code rule} after those given before. */
        public Builder rule(ClassificationRule rule) {
            rules.add(rule);
            return this;
        }

        /** Takes every exception of {@code type} for {@code classification}. */
        public Builder rule(Class<? extends Throwable> type, Classification classification) {
            return rule(throwable -> type.isInstance(throwable) ? Optional.of(classification) : Optional.empty());
        }

        /** The classifier. */
        public ErrorClassifier build() {
            return new ErrorClassifier(rules);
        }
    }
}
