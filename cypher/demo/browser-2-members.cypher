// The supernode with the most members, opened: its nodes in the circuit and the features they are.
MATCH (s:Supernode {kind: 'feature'})
WITH s ORDER BY s.size DESC, s.key LIMIT 1
MATCH path = (s)<-[:MEMBER_OF]-(:FeatureNode)-[:OF_FEATURE]->(:Feature)
RETURN path;
