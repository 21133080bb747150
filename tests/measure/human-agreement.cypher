// Agreement of groupings with the two partitions of one circuit (dallas_ea) that people made; the table of docs/agreement.md.
// The circuit and the partitions are not part of this repository: the import directory must hold graphs/dallas_ea.json and
// supernodes/dallas_plt_human_v0.json and _v1.json, or the first statement says which is missing.
//
//     ./sot run tests/measure/human-agreement.cypher --import DIRECTORY

CALL sot.schema.create() YIELD status RETURN count(*) AS indexesAndConstraints;
CALL sot.import.circuit('graphs/dallas_ea.json') YIELD slug, nodes RETURN slug, nodes;
MATCH (c:Circuit)
UNWIND ['v0', 'v1'] AS version
CALL sot.import.supernodes(c.slug, 'supernodes/dallas_plt_human_' + version + '.json', {id: version})
YIELD supernodes, members, unmatchedMembers RETURN version, supernodes, members, unmatchedMembers;

// The whole circuit is grouped, into the smallest number of groups (of those tried) at which the features that the person pinned are
// in as many groups as the person made of them. Compared are these features. chance: what pair F1 is in the mean when the same
// features are put at random into groups of the same sizes; the adjusted Rand index is then 0.
MATCH (circuit:Circuit)
UNWIND [
  {distance: 'edgeProfile', linkage: 'average'}, {distance: 'edgeProfile', linkage: 'complete'},
  {distance: 'edgeProfile', linkage: 'single'}, {distance: 'edgeProfile', linkage: 'ward'},
  {distance: 'edgeProfile', grouping: 'kMedoids'}, {distance: 'edgeProfile', grouping: 'spectral'},
  {distance: 'roleVectors', linkage: 'average'}, {distance: 'roleVectors', linkage: 'complete'},
  {distance: 'roleVectors', linkage: 'ward'}, {distance: 'roleVectors', grouping: 'kMedoids'},
  {distance: 'roleVectors', grouping: 'correlationClustering'},
  {distance: 'edgeProfile', grouping: 'random', seed: 1}] AS method
UNWIND range(4, 100, 4) AS size
CALL sot.compress.stream(circuit.slug, method {.*, targetSize: size}) YIELD rank, members
UNWIND members AS node
MATCH (node:FeatureNode)-[:MEMBER_OF]->(human:Supernode)-[:IN_COMPRESSION]->(partition:Compression)
WITH partition.id AS version, method, size, rank, human.rank AS byHand, count(*) AS nodes
WITH version, method, size, collect({mine: rank, theirs: byHand, nodes: nodes}) AS cells,
     count(DISTINCT rank) AS groups, count(DISTINCT byHand) AS humanGroups
WHERE groups >= humanGroups
ORDER BY size
WITH version, method, humanGroups, head(collect({size: size, groups: groups, cells: cells})) AS found
CALL (found) {
  UNWIND found.cells AS cell
  RETURN sum(cell.nodes) AS features, sum(cell.nodes * (cell.nodes - 1)) / 2.0 AS together
}
CALL (found) {
  UNWIND found.cells AS cell
  WITH cell.mine AS group, sum(cell.nodes) AS n
  RETURN sum(n * (n - 1)) / 2.0 AS mine
}
CALL (found) {
  UNWIND found.cells AS cell
  WITH cell.theirs AS group, sum(cell.nodes) AS n
  RETURN sum(n * (n - 1)) / 2.0 AS theirs
}
WITH *, mine * theirs / (features * (features - 1) / 2.0) AS expected
RETURN version, method.distance AS distance, coalesce(method.grouping, method.linkage + ' linkage') AS grouping,
       features, humanGroups, found.groups AS groups, found.size AS ofCircuit,
       round((together - expected) / ((mine + theirs) / 2 - expected), 3) AS adjustedRand,
       round(2 * together / (mine + theirs), 3) AS pairF1,
       round(2 * expected / (mine + theirs), 3) AS chance
ORDER BY version, adjustedRand DESC;
