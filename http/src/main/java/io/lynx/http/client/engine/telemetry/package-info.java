/** What is recorded about calls: metrics and spans. Not part of the API. */
package io.lynx.http.client.engine.telemetry;
