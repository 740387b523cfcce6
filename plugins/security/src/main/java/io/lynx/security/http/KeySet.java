package io.lynx.security.http;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys that an issuer publishes at a time (JWKS). Immutable. */
final class KeySet {
    /** Without the id of a key, that many are tried. */
    private static final int MOST_TRIED = 4;

    private static final int MOST_KEYS = 1000;

    private final List<VerificationKey> keys;
    private final Map<String, List<VerificationKey>> byId;

    private KeySet(List<VerificationKey> keys) {
        this.keys = List.copyOf(keys);
        this.byId = new HashMap<>();
        for (VerificationKey key : keys) {
            if (key.id() != null) {
                byId.computeIfAbsent(key.id(), _ -> new ArrayList<>(1)).add(key);
            }
        }
    }

    /**
     * Reads keys; those that cannot verify tokens are left out.
     *
     * @param before the keys until now; those that are still published stay the same objects
     * @throws ParseException if there is no key that can be used, or the text is not a set of keys
     */
    static KeySet parse(String json, @Nullable KeySet before) throws ParseException {
        Map<String, Object> document = StrictJson.object(json);
        if (!(document.get("keys") instanceof List<?> published) || published.size() > MOST_KEYS) {
            throw new ParseException("not a set of at most " + MOST_KEYS + " keys", 0);
        }
        Map<JWK, VerificationKey> known = new HashMap<>();
        if (before != null) {
            before.keys.forEach(key -> known.put(key.published(), key));
        }
        List<VerificationKey> keys = new ArrayList<>();
        for (Object each : published) {
            VerificationKey key = each instanceof Map<?, ?> members ? read(members) : null;
            if (key != null) {
                keys.add(known.getOrDefault(key.published(), key));
            }
        }
        if (keys.isEmpty()) {
            throw new ParseException("none of " + published.size() + " keys can verify tokens", 0);
        }
        return new KeySet(keys);
    }

    /**
     * Returns a set of one key.
     *
     * @throws IllegalArgumentException if it cannot verify tokens
     */
    static KeySet of(JWK key) {
        VerificationKey one = VerificationKey.of(key);
        if (one == null) {
            throw new IllegalArgumentException("key: cannot verify tokens");
        }
        return new KeySet(List.of(one));
    }

    private static @Nullable VerificationKey read(Map<?, ?> members) {
        try {
            // Symmetric keys end here: a public document has none that proves anything.
            return "oct".equals(members.get("kty"))
                    ? null
                    : VerificationKey.of(JWK.parse(JSONObjectUtils.toJSONString(copy(members))));
        } catch (ParseException | RuntimeException unknown) {
            // One key of a kind that the library does not read must not keep the others from being used.
            return null;
        }
    }

    private static Map<String, Object> copy(Map<?, ?> members) {
        Map<String, Object> copy = new HashMap<>();
        members.forEach((name, value) -> copy.put(String.valueOf(name), value));
        return copy;
    }

    /** Returns the keys by which a token with that header can be signed; at most four. */
    List<VerificationKey> find(JWSHeader header, SignatureAlgorithm algorithm) {
        List<VerificationKey> candidates =
                header.getKeyID() == null ? keys : byId.getOrDefault(header.getKeyID(), List.of());
        List<VerificationKey> fitting = new ArrayList<>(1);
        for (VerificationKey key : candidates) {
            if (fitting.size() < MOST_TRIED && key.fits(header, algorithm)) {
                fitting.add(key);
            }
        }
        return fitting;
    }

    /** Withdraws the keys that are not in {@code later}. */
    void replacedBy(KeySet later) {
        for (VerificationKey key : keys) {
            if (!later.keys.contains(key)) {
                key.withdraw();
            }
        }
    }

    int size() {
        return keys.size();
    }
}
