// A compression beside other partitions of the same features: mean distance within and between supernodes, silhouette (-1 to 1, higher
// is better), and which share of the links' absolute weight is hidden inside supernodes, cancels between them, or is still seen.
// Random, edge-profile (structure) and decoder-cosine partitions have supernodes of the same sizes.
CALL sot.evaluate($compression)
YIELD partition, supernodes, within, between, silhouette, internalMass, cancelledMass, retainedMass
RETURN partition, supernodes,
       round(within, 3) AS within,
       round(between, 3) AS between,
       round(silhouette, 3) AS silhouette,
       round(internalMass, 3) AS hidden,
       round(cancelledMass, 3) AS cancelled,
       round(retainedMass, 3) AS seen;
