package dev.sot.procedures.compression;

/** What distances among items are measured by. */
enum Measure {
    /** Wasserstein distance of activation distributions in a reference space. */
    WASSERSTEIN,
    /** 1 - cosine of the features' decoder vectors. */
    DECODER_COSINE,
    /** 1 - correlation of activations over a corpus. */
    ACTIVATION_CORRELATION,
    /** 1 - cosine of signed links in and out. */
    EDGE_PROFILE,
    /** 1 - cosine of what of the tokens is taken up and what of it reaches the logits. */
    ROLE_VECTORS;

    /** Whether it compares links alone. */
    boolean isStructure() {
        return this == EDGE_PROFILE || this == ROLE_VECTORS;
    }
}
