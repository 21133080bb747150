// A compression beside other partitions of the same features. Random, edge-profile (structure) and decoder-cosine partitions have
// supernodes of the same sizes. By meaning: silhouette of the distances (-1 to 1), mean correlation of members' activations (which
// the distances do not see), agreement with the features' concepts (adjusted Rand index: 0 by chance, 1 the same). By structure: which
// share of the links' absolute weight is hidden inside supernodes, cancels between them, or is still seen.
CALL sot.evaluate($compression, {referenceProperty: 'concept'})
YIELD partition, supernodes, within, between, silhouette, coactivation, adjustedRand, internalMass, cancelledMass, retainedMass
RETURN partition, supernodes,
       round(within, 2) AS within,
       round(between, 2) AS between,
       round(silhouette, 3) AS silhouette,
       round(coactivation, 3) AS correlation,
       round(adjustedRand, 3) AS concepts,
       round(internalMass, 3) AS hidden,
       round(cancelledMass, 3) AS cancelled,
       round(retainedMass, 3) AS seen;
