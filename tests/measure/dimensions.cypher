// Compressions of the demonstration circuits by the dimension of the `aligned` reference space and by the ground cost; the table of
// docs/architecture.md, "Coherence, measured on the demonstration's circuits". 64 points, W1, average
// linkage, a tenth of the features. Takes about two minutes on 2 cores:
//
//     ./sot run tests/measure/dimensions.cypher --import import/demo

CALL sot.schema.create() YIELD status RETURN count(*) AS indexesAndConstraints;
CALL sot.import.circuits('circuits') YIELD slug RETURN count(*) AS circuits;
CALL sot.import.activations('bundle') YIELD corpus;

UNWIND [8, 16, 32, 64] AS dimension
CALL sot.space.fit({name: 'd' + dimension, method: 'aligned', dimension: dimension}) YIELD space
CALL sot.distributions.write({space: space, support: 64}) YIELD distributions
RETURN space, distributions;

MATCH (circuit:Circuit), (space:ReferenceSpace)
UNWIND ['euclidean', 'cosine'] AS groundCost
WITH circuit.slug AS slug, space.name AS space, groundCost ORDER BY space, groundCost, slug
CALL sot.compress(slug, {id: slug + '/' + space + '-' + groundCost, space: space, groundCost: groundCost, level: 'feature', linkage: 'average', targetRatio: 0.1}) YIELD id
RETURN count(id) AS compressions;

// concepts: adjusted Rand index with the features' concepts. correlation: mean Pearson correlation of the activations of features
// in one supernode. silhouette: by the compression's own distance, so not to be compared between rows. seen: share of the
// links' absolute weight that is neither hidden inside supernodes nor cancels between them. largest: share of the feature nodes
// that are in the largest supernode.
MATCH (compression:Compression)
CALL (compression) {
  MATCH (s:Supernode {kind: 'feature'})-[:IN_COMPRESSION]->(compression)
  RETURN toFloat(max(s.size)) / sum(s.size) AS largest
}
CALL sot.evaluate(compression.id, {referenceProperty: 'concept', draws: 1})
YIELD partition, adjustedRand, coactivation, silhouette, retainedMass
WITH * WHERE partition = 'compression'
MATCH (space:ReferenceSpace {name: compression.space})
RETURN compression.groundCost AS groundCost, space.dimension AS dimension, count(*) AS circuits,
       round(avg(adjustedRand), 3) AS concepts,
       round(avg(coactivation), 3) AS correlation,
       round(avg(silhouette), 3) AS silhouette,
       round(avg(retainedMass), 3) AS seen,
       round(avg(largest), 3) AS largest
ORDER BY groundCost DESC, dimension;
