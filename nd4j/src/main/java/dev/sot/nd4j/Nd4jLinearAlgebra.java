package dev.sot.nd4j;

import dev.sot.transport.linear.LinearAlgebra;
import java.util.Optional;

/**
 * Products by ND4J, which hands them to OpenBLAS.
 *
 * <p>Found by ServiceLoader where its jar lies beside the plugin's. Nothing of ND4J is unpacked or
 * loaded before the first product; then it stays until the process ends.
 */
public final class Nd4jLinearAlgebra extends LinearAlgebra {

    @Override
    public String name() {
        return "nd4j";
    }

    /**
     * Never: its products are faster, but copying tiles out of the heap and back costs what they
     * save, as {@code ./sot bench backends} shows. It runs where it is asked for.
     */
    @Override
    public double worthwhileFrom() {
        return Double.POSITIVE_INFINITY;
    }

    @Override
    public Optional<String> obstacle() {
        String system = System.getProperty("os.name");
        String processor = System.getProperty("os.arch");
        return system.equals("Linux") && processor.equals("amd64")
                ? Optional.empty()
                : Optional.of(
                        "its jar holds libraries for Linux on amd64 only, this is "
                                + system
                                + " on "
                                + processor);
    }

    @Override
    protected void addProduct(double[][] left, double[][] right, double[][] into, Tile tile) {
        Libraries.PRODUCT.add(left, right, into, tile);
    }

    /** Unpacked and loaded by the first product. */
    private static final class Libraries {
        static final TileProduct PRODUCT = NestedLibraries.open();
    }
}
