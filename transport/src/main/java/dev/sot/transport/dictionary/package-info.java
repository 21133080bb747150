/** How well a sparse dictionary fits the states that it stands for. */
package dev.sot.transport.dictionary;
