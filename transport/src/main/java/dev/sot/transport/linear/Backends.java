package dev.sot.transport.linear;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The implementations of {@link LinearAlgebra}: the built-in one and those that are installed. */
public final class Backends {

    /** Chooses by the size of the work. */
    public static final String AUTO = "auto";

    private static final LinearAlgebra JAVA = new JavaLinearAlgebra();

    private Backends() {}

    /** The implementation that is always there. */
    public static LinearAlgebra java() {
        return JAVA;
    }

    /** All that are there, the built-in one first. None starts by being listed. */
    public static List<LinearAlgebra> all() {
        List<LinearAlgebra> found = new ArrayList<>();
        ServiceLoader.load(LinearAlgebra.class, LinearAlgebra.class.getClassLoader())
                .forEach(found::add);
        found.sort(Comparator.comparing(LinearAlgebra::name));
        found.add(0, JAVA);
        return found;
    }

    /** Those of {@link #all} that can run on this machine, as far as is known. */
    public static List<LinearAlgebra> usable() {
        return all().stream().filter(backend -> backend.obstacle().isEmpty()).toList();
    }

    /**
     * The backend of a name.
     *
     * @param name of a backend, or {@link #AUTO}
     * @param work multiplications that it is wanted for, which decide what is chosen for auto
     * @throws IllegalArgumentException saying why it is not to be had
     */
    public static LinearAlgebra choose(String name, double work) {
        if (name.equals(AUTO)) {
            return usable().stream()
                    .filter(b -> work >= b.worthwhileFrom())
                    .max(Comparator.comparingDouble(LinearAlgebra::worthwhileFrom))
                    .orElseThrow();
        }
        List<LinearAlgebra> all = all();
        LinearAlgebra backend =
                all.stream()
                        .filter(b -> b.name().equals(name))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "the backend '"
                                                        + name
                                                        + "' is not installed, there are "
                                                        + all.stream()
                                                                .map(b -> "'" + b.name() + "'")
                                                                .collect(
                                                                        Collectors.joining(", "))));
        backend.obstacle()
                .ifPresent(
                        obstacle -> {
                            throw new IllegalArgumentException(
                                    "the backend '" + name + "' cannot run here: " + obstacle);
                        });
        return backend;
    }
}
