/** Ways to match features that need no optimal transport, and planted truth to judge any by. */
package dev.sot.transport.match.baseline;
