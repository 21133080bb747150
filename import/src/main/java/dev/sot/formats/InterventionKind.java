package dev.sot.formats;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What is done to the features of a compressed circuit while the model runs. */
public enum InterventionKind {
    /** Every member's activation is that of its supernode's mean pattern, the whole partition. */
    AVERAGE("average"),
    /** The members of one supernode have their means, those of the others their own activations. */
    ABLATE("ablate"),
    /** Every member has its own activation: what a partition into single nodes would give. */
    UNCOMPRESSED("uncompressed"),
    /** Every member has its mean. */
    ALL_MEANS("allMeans");

    private final String word;

    InterventionKind(String word) {
        this.word = word;
    }

    /** The kind as files and the database write it. */
    public String word() {
        return word;
    }

    /** Whether it is done to one supernode rather than to the whole partition. */
    public boolean ofOneSupernode() {
        return this == ABLATE;
    }

    static Optional<InterventionKind> of(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }

    static List<String> words() {
        return Arrays.stream(values()).map(InterventionKind::word).toList();
    }
}
