/** Static files: conditions, ranges and precompressed variants. Not part of the API. */
package io.lynx.http.engine.files;
