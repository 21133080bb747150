package dev.sot.formats;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** A judge's verdict on two features, on the scale of SOT (arXiv:2605.28567). */
public enum Similarity {
    DIFFERENT(1),
    MAYBE(2),
    SIMILAR(3);

    private final int score;

    Similarity(int score) {
        this.score = score;
    }

    /** 1 to 3. */
    public int score() {
        return score;
    }

    static Optional<Similarity> of(String word) {
        return Arrays.stream(values()).filter(s -> s.name().equalsIgnoreCase(word)).findFirst();
    }

    static String words() {
        return Arrays.stream(values())
                .map(Similarity::name)
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
