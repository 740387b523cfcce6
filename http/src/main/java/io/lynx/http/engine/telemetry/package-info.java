/** What is recorded about requests: metrics, spans, the access log, and reports of failures. Not part of the API. */
package io.lynx.http.engine.telemetry;
