package io.lynx.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Decides by the words of a name whether its value is a secret: {@code db_pass}, {@code clientSecret}, {@code X-Api-Key}. A
 * word such as {@code password} makes a name secret unless a later word says that the value only describes the secret, as in
 * {@code password_file} or {@code token_ttl}. Stateless and thread-safe.
 */
final class SecretNames {
    /** The number of words that are examined; further ones are ignored. */
    private static final int MAX_WORDS = 24;

    private static final int SHORTEST_STEM = 3;

    private static final Set<String> SECRETS =
            words("pass pwd psk passcode secret token credential cred authorization cookie sessionid jsessionid sessid "
                    + "phpsessid dbpass userpass keypass storepass");

    /** Words that make a following {@code key} a secret. */
    private static final Set<String> KEY_KINDS =
            words("api access account aes auth client crypto cipher decrypt decryption encrypt encryption hmac jwt "
                    + "license master preshared private root rsa secret server service session shared sign signing ssh "
                    + "storage subscription symmetric webhook");

    /** Words after the name of a secret that make it the name of a property of the secret. */
    private static final Set<String> DESCRIPTIONS =
            words("age alg algorithm allowed attempts budget bucket cache check class config configuration controller"
                    + " count dir directory domain duration enabled encoder endpoint error errors exception expired"
                    + " expires expiry factory failure file filter format generator handler header host interceptor"
                    + " interval issuer issued java kt leeway length lifetime limit listener location manager max method"
                    + " min mode name parser path pattern plugin period policy port prefix provider quota rate realm ref"
                    + " refresh repository required resolver rotation rule rules same scala secure server service size"
                    + " skew source status store strategy strength supported test tests timeout ttl type uri url usage"
                    + " used valid validator validity verifier version");

    /**
     * Last parts of a name without a meaning of their own, so that the part before counts: {@code token.value}, {@code
     * password.0}.
     */
    private static final Set<String> VALUES = Set.of("current", "data", "new", "old", "plain", "raw", "text", "value");

    private static final Set<String> AMOUNTS = Set.of("count", "limit", "max", "min", "num", "number", "of", "total");

    /** Names that carry a secret in the query of a URL, and something else everywhere else. */
    private static final Set<String> QUERY_ONLY =
            Set.of("key", "sig", "signature", "x-amz-signature", "x-goog-signature");

    private SecretNames() {}

    private static Set<String> words(String text) {
        return Set.of(text.split(" "));
    }

    /**
     * Returns whether a value under the name at that place of {@code text} is a secret. Of a name with dots, such as
     * {@code lynx.breakers.token.threshold}, only what follows the last dot counts.
     */
    static boolean isSecret(String text, int from, int to) {
        if (!hasStem(text, from, to)) {
            return false;
        }
        int end = to;
        while (end > from) {
            int start = end;
            while (start > from && text.charAt(start - 1) != '.') {
                start--;
            }
            List<String> words = words(text, start, end);
            if (!VALUES.containsAll(words)) {
                return isSecret(words);
            }
            end = start - 1;
        }
        return false;
    }

    /** Returns whether a query parameter of that name is a secret. */
    static boolean isSecretParameter(String text, int from, int to) {
        return isSecret(text, from, to)
                || QUERY_ONLY.contains(text.substring(from, to).toLowerCase(Locale.ROOT));
    }

    /** Returns whether the name is that of a header whose secret reaches to the end of the line. */
    static boolean isHeader(String text, int from, int to) {
        return endsWith(text, from, to, "authorization") || endsWith(text, from, to, "cookie");
    }

    private static boolean endsWith(String text, int from, int to, String end) {
        return to - from >= end.length() && text.regionMatches(true, to - end.length(), end, 0, end.length());
    }

    /** A cheap test that almost every harmless name fails. */
    private static boolean hasStem(String text, int from, int to) {
        for (int i = from; i + SHORTEST_STEM <= to; i++) {
            boolean hasStem =
                    switch (text.charAt(i) | 0x20) {
                        case 'p' -> has("pass", text, i, to) || has("pwd", text, i, to) || has("psk", text, i, to);
                        case 's' -> has("secret", text, i, to) || has("sess", text, i, to);
                        case 't' -> has("token", text, i, to);
                        case 'k' -> has("key", text, i, to);
                        case 'a' -> has("auth", text, i, to);
                        case 'c' -> has("cred", text, i, to) || has("cookie", text, i, to);
                        default -> false;
                    };
            if (hasStem) {
                return true;
            }
        }
        return false;
    }

    private static boolean has(String stem, String text, int at, int to) {
        return at + stem.length() <= to && text.regionMatches(true, at, stem, 0, stem.length());
    }

    private static boolean isSecret(List<String> words) {
        if (words.size() == 1 && words.getFirst().equals("auth")) {
            return true;
        }
        for (int i = words.size() - 1; i >= 0; i--) {
            String word = words.get(i);
            String before = i == 0 ? "" : words.get(i - 1);
            if (DESCRIPTIONS.contains(word)) {
                return false;
            }
            if (isSecret(singular(word), before)) {
                return !(word.endsWith("s") && AMOUNTS.contains(before));
            }
            if (word.equals("id") && before.equals("key")) {
                return false;
            }
        }
        return false;
    }

    private static boolean isSecret(String word, String before) {
        return SECRETS.contains(word)
                || word.contains("password")
                || word.contains("passwd")
                || word.contains("passphrase")
                || word.endsWith("secret")
                || word.endsWith("token")
                || word.endsWith("pwd")
                || (word.equals("key") && KEY_KINDS.contains(before))
                || (word.equals("id") && before.equals("session"))
                || (word.endsWith("key") && KEY_KINDS.contains(word.substring(0, word.length() - 3)));
    }

    private static String singular(String word) {
        return word.endsWith("s") && !word.endsWith("ss") ? word.substring(0, word.length() - 1) : word;
    }

    /** Splits at everything that is neither letter nor digit, at digits, and where capitals begin a word. */
    private static List<String> words(String text, int from, int to) {
        List<String> words = new ArrayList<>();
        int start = from;
        for (int i = from; i <= to && words.size() < MAX_WORDS; i++) {
            boolean isLetter = i < to && Character.isLetter(text.charAt(i));
            if (!isLetter || (i > start && isBoundary(text, i, to))) {
                if (i > start) {
                    words.add(text.substring(start, i).toLowerCase(Locale.ROOT));
                }
                start = isLetter ? i : i + 1;
            }
        }
        return words;
    }

    private static boolean isBoundary(String text, int i, int to) {
        return Character.isUpperCase(text.charAt(i))
                && (Character.isLowerCase(text.charAt(i - 1))
                        || (i + 1 < to && Character.isLowerCase(text.charAt(i + 1))));
    }
}
