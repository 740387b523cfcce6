/** What the head of a request says: its path, query, headers and cookies, and the client behind trusted proxies. Not part of the API. */
package io.lynx.http.engine.head;
