package dev.sot.transport;

import java.lang.management.ManagementFactory;

/** Chooses the kernel of this process, once. */
final class Kernels {

    /** The kernel on the Vector API, or null where it does not serve. */
    private static final Kernel VECTOR = choose();

    private Kernels() {}

    /** The best kernel of this process, for one thread. */
    static Kernel best() {
        return VECTOR == null ? new ScalarKernel() : VECTOR;
    }

    private static Kernel choose() {
        String reason;
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            reason = "start Java with --add-modules jdk.incubator.vector";
        } else if (!optimised()) {
            // Without the optimising compiler every vector is an object.
            reason = "this process runs without the optimising compiler";
        } else {
            try {
                Kernel kernel =
                        (Kernel)
                                Class.forName("dev.sot.transport.VectorKernel")
                                        .getDeclaredConstructor()
                                        .newInstance();
                if (kernel.bits() >= 256) {
                    return kernel;
                }
                reason = "the processor's vectors have " + kernel.bits() + " bits";
            } catch (ReflectiveOperationException | LinkageError e) {
                reason = "this Java's vector module is another than that of Java 17: " + e;
            }
        }
        System.getLogger(Kernels.class.getPackageName())
                .log(
                        System.Logger.Level.INFO,
                        "Optimal transport runs without the Vector API, about half as fast: "
                                + reason);
        return null;
    }

    /** Whether the optimising compiler may compile what runs here. */
    private static boolean optimised() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .noneMatch(a -> a.equals("-Xint") || a.matches("-XX:TieredStopAtLevel=[0-3]"));
    }
}
