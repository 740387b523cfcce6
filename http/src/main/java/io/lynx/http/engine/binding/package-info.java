/** Parameters and JSON as values of Java types. Not part of the API. */
package io.lynx.http.engine.binding;
