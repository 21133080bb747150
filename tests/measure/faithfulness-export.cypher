// First half of faithfulness.sh: compresses the demonstration's circuit of the whole model to 17 sizes by every grouping, and its ten
// circuits of single prompts, and writes the interventions that tell on the model how faithful these are.

CALL sot.schema.create() YIELD status RETURN count(*) AS indexesAndConstraints;
CALL sot.import.circuit('global/add-global.json') YIELD slug, nodes, links;
CALL sot.import.circuits('circuits') YIELD slug RETURN count(*) AS circuits;
CALL sot.import.activations('bundle') YIELD corpus;
CALL sot.space.fit() YIELD space, dimension;
CALL sot.distributions.write() YIELD distributions;

// Hierarchies of nodes, that is features at a position: all sizes are cuts of one stored dendrogram. Nodes without a distance, in edge
// profiles those without links, stay alone and count among the supernodes: where there are more of them than a size has, it is not
// reached.
UNWIND [
  ['W1', {level: 'node'}],
  ['W1, average linkage', {level: 'node', linkage: 'average'}],
  ['W1, complete linkage', {level: 'node', linkage: 'complete'}],
  ['W1, single linkage', {level: 'node', linkage: 'single'}],
  ['W1, same position', {level: 'node', linkage: 'average', samePosition: true}],
  ['W1 of features', {level: 'feature', linkage: 'average'}],
  ['activation correlation', {level: 'node', distance: 'activationCorrelation', linkage: 'average'}],
  ['activation correlation, same position',
   {level: 'node', distance: 'activationCorrelation', linkage: 'average', samePosition: true}],
  ['decoder cosine', {level: 'node', distance: 'decoderCosine', linkage: 'average'}],
  ['decoder cosine, same position', {level: 'node', distance: 'decoderCosine', linkage: 'average', samePosition: true}],
  ['edge profile', {distance: 'edgeProfile', linkage: 'average'}],
  ['edge profile, complete linkage', {distance: 'edgeProfile', linkage: 'complete'}]
] AS grouping
WITH grouping[0] AS name, grouping[1] AS configuration
// Together they are more than one transaction should hold.
CALL (name, configuration) {
  CALL sot.compress('add-global', configuration {.*, targetSize: 250, id: name + '/dendrogram'}) YIELD id, withoutDistance
  UNWIND [250, 200, 180, 160, 150, 140, 120, 110, 100, 90, 80, 70, 60, 50, 40, 30, 20] AS size
  WITH id, withoutDistance, size WHERE size > withoutDistance
  CALL sot.compress('add-global', {dendrogram: id, targetSize: size - withoutDistance, id: name + '/' + size}) YIELD featureSupernodes
  RETURN count(*) AS compressions, min(featureSupernodes) AS fewest
} IN TRANSACTIONS OF 1 ROW
RETURN name, compressions, fewest;

// Groupings without a hierarchy.
UNWIND [
  ['W1, k-medoids', {level: 'node', grouping: 'kMedoids'}],
  ['role vectors, correlation clustering', {distance: 'roleVectors', grouping: 'correlationClustering'}],
  ['random', {level: 'node', distance: 'decoderCosine', grouping: 'random'}]
] AS grouping
WITH grouping[0] AS name, grouping[1] AS configuration
CALL (name, configuration) {
  CALL sot.compress('add-global', configuration {.*, targetSize: 100, id: name + '/first'}) YIELD withoutDistance
  UNWIND [250, 200, 180, 160, 150, 140, 120, 110, 100, 90, 80, 70, 60, 50, 40, 30, 20] AS size
  WITH withoutDistance, size WHERE size > withoutDistance
  CALL sot.compress('add-global', configuration {.*, targetSize: size - withoutDistance, id: name + '/' + size}) YIELD featureSupernodes
  RETURN count(*) AS compressions, min(featureSupernodes) AS fewest
} IN TRANSACTIONS OF 1 ROW
RETURN name, compressions, fewest;

CALL sot.compress('add-global', {distance: 'edgeProfile', grouping: 'layerPosition', id: 'layer x position/17'}) YIELD featureSupernodes;

// How many: the default rule beside a fixed tenth of the nodes, also on the circuits of single prompts.
MATCH (c:Circuit) WITH c.slug AS slug ORDER BY slug
CALL sot.compress(slug, {level: 'node', linkage: 'average', id: slug + '/auto'}) YIELD featureSupernodes AS auto
CALL sot.compress(slug, {level: 'node', linkage: 'average', id: slug + '/tenth', targetRatio: 0.1}) YIELD featureSupernodes AS tenth
RETURN slug, auto, tenth;

MATCH (c:Compression)-[:COMPRESSES]->(:Circuit {slug: 'add-global'}) WITH c ORDER BY c.id WITH collect(c) AS compressions
CALL sot.export.interventions(compressions, 'global.jsonl', {kinds: ['average']}) YIELD members
RETURN count(*) AS compressions, max(members) AS nodes;

// A circuit of one prompt holds no more than that prompt needs: on other prompts the features outside it keep their own activations.
MATCH (c:Compression)-[:COMPRESSES]->(k:Circuit) WHERE k.slug <> 'add-global' WITH c ORDER BY c.id WITH collect(c) AS compressions
CALL sot.export.interventions(compressions, 'prompts.jsonl', {kinds: ['average'], others: 'actual'}) YIELD members
RETURN count(*) AS compressions, max(members) AS nodes;
