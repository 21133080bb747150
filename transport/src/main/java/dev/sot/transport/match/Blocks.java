package dev.sot.transport.match;

import dev.sot.transport.Monitor;

/**
 * Long computations whose items do not depend on each other, so that they can be done block by
 * block and resumed where they were stopped. The results do not depend on the blocks.
 */
public interface Blocks {

    /** Some doubles for each item of a block. */
    @FunctionalInterface
    interface Work {
        /**
         * Computes.
         *
         * @param from the first item
         * @param to the item after the last
         * @param monitor told of the block's items done
         * @return {@code width} doubles an item
         */
        double[] compute(int from, int to, Monitor monitor);
    }

    /**
     * All items of a computation.
     *
     * @param name of the computation, unique within a run
     * @param items how many there are
     * @param width doubles an item
     * @param work computes a block
     */
    double[] compute(String name, int items, int width, Work work);

    /** A computation whose items depend on each other. */
    double[] computeWhole(String name, int items, int width, Work work);

    /** All items at once; nothing is kept. */
    static Blocks atOnce(Monitor monitor) {
        return new Blocks() {
            @Override
            public double[] compute(String name, int items, int width, Work work) {
                return work.compute(0, items, monitor);
            }

            @Override
            public double[] computeWhole(String name, int items, int width, Work work) {
                return work.compute(0, items, monitor);
            }
        };
    }
}
