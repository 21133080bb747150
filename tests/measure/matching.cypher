// Methods of matching on the demonstration, judged by the correlation of activations on held-out prompts: the table of
// docs/matching.md. Takes about three minutes on 2 cores:
//
//     ./sot run tests/measure/matching.cypher --import import/demo

CALL sot.schema.create() YIELD status RETURN count(*) AS indexesAndConstraints;
CALL sot.import.activations('bundle') YIELD corpus;

// The default space of the demonstration, in which prompts are compared, and one in which tokens are.
CALL sot.space.fit({name: 'prompt'}) YIELD space, method, dimension;
CALL sot.space.fit({name: 'aligned', method: 'aligned', dimension: 128}) YIELD space, method, dimension;

UNWIND ['prompt', 'aligned'] AS space
UNWIND ['all', 'disjoint'] AS positions
UNWIND [[1, 2], [0, 3]] AS pair
CALL sot.match.compare({space: space, positions: positions, dictionary: 'add4l-tc512', layers: [pair[0]], targets: {dictionary: 'add4l-tc512', layers: [pair[1]]}})
YIELD method, available, judged, heldOutBestShare, heldOutCorrelation, certified WHERE available
RETURN space, positions, pair[0] + ' to ' + pair[1] AS layers, method, judged, round(heldOutBestShare, 3) AS rightShare, round(heldOutCorrelation, 3) AS correlation, certified
ORDER BY space, positions, layers, rightShare DESC;
