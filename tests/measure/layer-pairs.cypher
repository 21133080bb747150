// Methods of matching beside one another on pairs of layers of any bundle and in any spaces, judged by the correlation of
// activations on held-out prompts: a table of docs/matching.md. Both sides matched by all prompts that are not held out, then by
// different halves of them. With --format jsonl rows are printed as they are found:
//
//     ./sot run tests/measure/layer-pairs.cypher --format jsonl --import DIRECTORY --param bundle=NAME --param dictionary=NAME \
//         --param 'pairs=[[1,2],[1,3]]' --param "spaces=[{\"name\":\"concat\",\"method\":\"concat\",\"dimension\":128}]"

CALL sot.schema.create() YIELD status RETURN count(*) AS indexesAndConstraints;
CALL sot.import.activations($bundle) YIELD corpus;

// Spaces in which layers have points of their own are large, and written in transactions of their own.
UNWIND $spaces AS configuration
CALL (configuration) {
    CALL sot.space.fit(configuration) YIELD space, method, dimension, explainedVariance
    RETURN space, method, dimension, explainedVariance
} IN TRANSACTIONS OF 1 ROW
RETURN space, method, dimension, explainedVariance;

UNWIND $spaces AS configuration
UNWIND ['all', 'disjoint'] AS positions
UNWIND $pairs AS pair
CALL sot.match.compare({space: configuration.name, positions: positions, dictionary: $dictionary, layers: [pair[0]], targets: {dictionary: $dictionary, layers: [pair[1]]}})
YIELD method, available, judged, heldOutBestShare, heldOutCorrelation, certified, certifiedBestShare
WHERE available
RETURN configuration.name AS space, positions, pair[0] + ' to ' + pair[1] AS layers, method, judged, round(heldOutBestShare, 3) AS rightShare,
  round(heldOutCorrelation, 3) AS correlation, certified, round(certifiedBestShare, 3) AS certifiedRight;
