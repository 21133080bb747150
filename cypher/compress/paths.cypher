// The strongest paths from a prompt's token through supernodes of features to a logit: the product of the signed shares on the way.
MATCH (token:Supernode {kind: 'embedding'})-[:IN_COMPRESSION]->(:Compression {id: $compression})
MATCH path = (token)-[:SUPER_ATTRIBUTES_TO]->{1,4}(:Supernode {kind: 'logit'})
WHERE all(s IN nodes(path)[1..-1] WHERE s.kind = 'feature')
  AND all(e IN relationships(path) WHERE abs(e.normalizedWeight) > 0.02)
  AND all(s IN nodes(path) WHERE size([t IN nodes(path) WHERE t = s]) = 1)
WITH [s IN nodes(path) | s.label] AS supernodes,
     reduce(share = 1.0, e IN relationships(path) | share * e.normalizedWeight) AS share
RETURN supernodes, round(share, 5) AS share
ORDER BY abs(share) DESC, supernodes
LIMIT 10;
