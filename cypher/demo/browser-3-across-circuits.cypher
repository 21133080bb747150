// Features of one supernode that also take part in other circuits.
MATCH (s:Supernode {kind: 'feature'})<-[:MEMBER_OF]-(:FeatureNode)-[:OF_FEATURE]->(f:Feature)
MATCH (f)<-[:OF_FEATURE]-(:FeatureNode)-[:IN_CIRCUIT]->(c:Circuit)
RETURN s.label AS supernode, f.label AS feature, count(DISTINCT c) AS circuits, collect(DISTINCT c.slug)[..5] AS examples
ORDER BY circuits DESC, supernode, feature
LIMIT 25;
