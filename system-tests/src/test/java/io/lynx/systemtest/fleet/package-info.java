/** Several instances behind a real load balancer, under load, while something goes wrong. */
@org.jspecify.annotations.NullMarked
package io.lynx.systemtest.fleet;
