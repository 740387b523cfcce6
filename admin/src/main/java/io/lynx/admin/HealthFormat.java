package io.lynx.admin;

import java.util.List;
import java.util.Locale;

/** The forms that health is told in. */
enum HealthFormat {
    /** Eclipse MicroProfile Health 4.0, and the state beside the status. */
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
     * The form that a client prefers. The draft's is for those who name it, and rank it no lower than the other: a probe that
     * takes anything gets MicroProfile's, and so does one that would take neither, since an answer beats a 406 here.
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
                        // Some other type, or a range of them, which prefers neither.
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
