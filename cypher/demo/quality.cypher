// A compression beside other partitions of the same features into as many groups: random ones of the same sizes (their mean), nodes of
// one layer and position, and the field's own ways to group. By meaning: silhouette of the distances (-1 to 1), mean correlation of
// members' activations (which the distances do not see), agreement with the features' concepts (adjusted Rand index: 0 by chance, 1 the
// same). By structure: which share of the links' absolute weight is hidden inside supernodes, cancels between them, or is still seen.
CALL sot.evaluate($compression, {referenceProperty: 'concept'})
YIELD partition, supernodes, within, between, silhouette, coactivation, adjustedRand, internalMass, cancelledMass, retainedMass
WHERE NOT partition IN ['random5', 'random95']
RETURN partition, supernodes,
       round(within, 2) AS within,
       round(between, 2) AS between,
       round(silhouette, 3) AS silhouette,
       round(coactivation, 3) AS correlation,
       round(adjustedRand, 3) AS concepts,
       round(internalMass, 3) AS hidden,
       round(cancelledMass, 3) AS cancelled,
       round(retainedMass, 3) AS seen;
