/** The servers of a client, and which of them receives a call. Not part of the API. */
package io.lynx.http.client.engine.balance;
