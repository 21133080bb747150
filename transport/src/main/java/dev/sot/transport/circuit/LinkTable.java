package dev.sot.transport.circuit;

import java.util.Arrays;

/**
 * Superedge by the other end: a map from numbers {@code >= 0} to numbers, with open addressing. All
 * operations O(1) on average; the order of iteration depends on nothing but the operations.
 */
final class LinkTable {

    private static final int FREE = -1;

    private int[] keys;
    private int[] values;
    private int size;

    LinkTable() {
        keys = new int[4];
        values = new int[4];
        Arrays.fill(keys, FREE);
    }

    int size() {
        return size;
    }

    /** Slots to iterate over. */
    int capacity() {
        return keys.length;
    }

    /** The key in a slot, or -1. */
    int key(int slot) {
        return keys[slot];
    }

    /** The value in a slot that has a key. */
    int value(int slot) {
        return values[slot];
    }

    /** The value of a key, or -1. */
    int get(int key) {
        int slot = slot(key);
        return keys[slot] == key ? values[slot] : -1;
    }

    void put(int key, int value) {
        int slot = slot(key);
        if (keys[slot] == FREE) {
            if (2 * (size + 1) > keys.length) {
                grow();
                slot = slot(key);
            }
            keys[slot] = key;
            size++;
        }
        values[slot] = value;
    }

    void remove(int key) {
        int hole = slot(key);
        if (keys[hole] != key) {
            return;
        }
        size--;
        // What follows moves up, unless that would take it before its own place.
        int mask = keys.length - 1;
        for (int next = hole + 1 & mask; keys[next] != FREE; next = next + 1 & mask) {
            int home = home(keys[next]);
            if ((next - home & mask) >= (next - hole & mask)) {
                keys[hole] = keys[next];
                values[hole] = values[next];
                hole = next;
            }
        }
        keys[hole] = FREE;
    }

    private int slot(int key) {
        int slot = home(key);
        while (keys[slot] != FREE && keys[slot] != key) {
            slot = slot + 1 & keys.length - 1;
        }
        return slot;
    }

    private int home(int key) {
        int mixed = key * 0x9E3779B9;
        return (mixed ^ mixed >>> 15) & keys.length - 1;
    }

    private void grow() {
        int[] oldKeys = keys;
        int[] oldValues = values;
        keys = new int[2 * oldKeys.length];
        values = new int[keys.length];
        Arrays.fill(keys, FREE);
        for (int old = 0; old < oldKeys.length; old++) {
            if (oldKeys[old] != FREE) {
                int slot = slot(oldKeys[old]);
                keys[slot] = oldKeys[old];
                values[slot] = oldValues[old];
            }
        }
    }
}
