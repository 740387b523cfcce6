/**
 * The annotation, the guard and the registrations for code that a user supplies. Every other package of core builds on
 * it.
 */
package io.lynx.extension;
