package io.lynx.http.engine.answer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stays of a header when an error takes the place of its answer. */
class KeptHeadersTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "Cache-Control | public, max-age=3600, immutable | -",
                "Cache-Control | max-age=60, stale-if-error=600, stale-while-revalidate=5, s-maxage=1 | -",
                "Cache-Control | no-cache, no-store, max-age=0, must-revalidate | no-cache, no-store, max-age=0, must-revalidate",
                "cache-control | PRIVATE,Max-Age=60 | PRIVATE",
                "Cache-Control | s-maxage=0, public, proxy-revalidate | s-maxage=0, proxy-revalidate",
                "Cache-Control | private=\"a, max-age=9\", max-age=60 | private=\"a, max-age=9\"",
                "Cache-Control | max-age | -",
                "Cache-Control | max-age=00x | -",
                "Cache-Control | , ,= | -",
                "Cache-Control | unknown | -",
                "CDN-Cache-Control | max-age=60 | -",
                "CDN-Cache-Control | no-store | no-store",
                "Cloudflare-CDN-Cache-Control | max-age=60 | -",
                "Surrogate-Control | max-age=60, content=\"ESI/1.0\" | -",
                "Surrogate-Control | no-store | no-store",
                "Expires | Thu, 31 Dec 2099 00:00:00 GMT | -",
                "Expires | 0 | 0",
                "expires | -1 | -1",
                "X-Accel-Expires | 600 | -",
                "X-Accel-Expires | 0 | 0",
                "Pragma | no-cache | no-cache",
                "Content-Disposition | attachment | -",
                "Content-Security-Policy | default-src 'self' | default-src 'self'",
                "ETag | \"1\" | -",
                "Last-Modified | Thu, 01 Jan 2026 00:00:00 GMT | -",
                "Location | /other | -",
                "Accept-Ranges | bytes | -",
                "Retry-After | 5 | 5",
                "Vary | Origin | Origin"
            })
    void stays(String name, String value, String kept) {
        assertThat(KeptHeaders.keptValue(name, value)).isEqualTo(kept);
    }
}
