/** The plugin {@link io.lynx.micrometer.MicrometerPlugin}: what is recorded with Micrometer appears in the application's scrape. */
@org.jspecify.annotations.NullMarked
package io.lynx.micrometer;
