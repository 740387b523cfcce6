package io.lynx.admin;

import java.util.List;
import java.util.Locale;

/** The formats of health pages. */
enum HealthFormat {
    /** Eclipse MicroProfile Health 4.0, with the state in addition to the status. */
    MICROPROFILE("application/json"),
    /** The Internet draft "Health Check Response Format for HTTP APIs", draft-inadarei-api-health-check-06. */
    HEALTH_JSON("application/health+json");

    private final String mediaType;

    HealthFormat(String mediaType) {
        this.mediaType = mediaType;
    }

    String mediaType() {
        return mediaType;
    }

    /**
     * Returns the format that a client prefers. The draft's is chosen only if the client names it and ranks it no lower
     * than the other. All other clients get MicroProfile's, those that accept neither included, since any answer is
     * more useful to a probe than a 406.
     *
     * @param accept the values of the {@code Accept} header
     */
    static HealthFormat of(List<String> accept) {
        double draft = 0;
        double microProfile = 0;
        for (String header : accept) {
            for (String range : header.split(",")) {
                String[] parts = range.split(";");
                double quality = quality(parts);
                switch (parts[0].strip().toLowerCase(Locale.ROOT)) {
                    case "application/health+json" -> draft = Math.max(draft, quality);
                    case "application/json" -> microProfile = Math.max(microProfile, quality);
                    default -> {
                        // Another type or a range of types, which prefers neither.
                    }
                }
            }
        }
        return draft > 0 && draft >= microProfile ? HEALTH_JSON : MICROPROFILE;
    }

    private static double quality(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.regionMatches(true, 0, "q=", 0, 2)) {
                try {
                    return Double.parseDouble(parameter.substring(2));
                } catch (NumberFormatException malformed) {
                    return 0;
                }
            }
        }
        return 1;
    }
}
