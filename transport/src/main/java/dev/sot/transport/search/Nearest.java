package dev.sot.transport.search;

import java.util.Arrays;

/**
 * The targets with the least so many of the (score, target) pairs offered, in lexicographic order,
 * and the distance of each.
 *
 * <p>Sorted arrays: an insertion costs a move of memory, nothing beside the exact distance that
 * each pair offered has cost.
 */
final class Nearest {

    private final int capacity;
    private int[] targets = new int[8];
    private double[] scores = new double[8];
    private double[] distances = new double[8];
    private int size;

    Nearest(int capacity) {
        this.capacity = capacity;
    }

    void clear() {
        size = 0;
    }

    /** The largest score kept once there are as many as wanted, before that infinite. */
    double worst() {
        return size < capacity ? Double.POSITIVE_INFINITY : scores[size - 1];
    }

    void offer(int target, double score, double distance) {
        int at = size;
        while (at > 0
                && (score < scores[at - 1]
                        || (score == scores[at - 1] && target < targets[at - 1]))) {
            at--;
        }
        if (at == capacity) {
            return;
        }
        if (size < capacity) {
            if (size == targets.length) {
                targets = Arrays.copyOf(targets, 2 * size);
                scores = Arrays.copyOf(scores, 2 * size);
                distances = Arrays.copyOf(distances, 2 * size);
            }
            size++;
        }
        System.arraycopy(targets, at, targets, at + 1, size - 1 - at);
        System.arraycopy(scores, at, scores, at + 1, size - 1 - at);
        System.arraycopy(distances, at, distances, at + 1, size - 1 - at);
        targets[at] = target;
        scores[at] = score;
        distances[at] = distance;
    }

    int[] targets() {
        return Arrays.copyOf(targets, size);
    }

    double[] distances() {
        return Arrays.copyOf(distances, size);
    }
}
