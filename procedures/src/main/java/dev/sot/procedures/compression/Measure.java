package dev.sot.procedures.compression;

/** What distances among items are measured by. */
enum Measure {
    /** Wasserstein distance of activation distributions in a reference space. */
    WASSERSTEIN,
    /** 1 - cosine of the features' decoder vectors. */
    DECODER_COSINE,
    /** 1 - cosine of signed links in and out. */
    EDGE_PROFILE
}
