// In which other circuits the features of each supernode take part, and with how much influence there.
MATCH (s:Supernode {kind: 'feature'})-[:IN_COMPRESSION]->(:Compression {id: $compression})-[:COMPRESSES]->(here:Circuit)
MATCH (s)<-[:MEMBER_OF]-(:FeatureNode)-[:OF_FEATURE]->(f:Feature)
WITH here, s, collect(DISTINCT f) AS features
UNWIND features AS f
MATCH (f)<-[:OF_FEATURE]-(there:FeatureNode)-[:IN_CIRCUIT]->(other:Circuit)
WHERE other <> here
RETURN s.label AS supernode, other.prompt AS prompt, count(DISTINCT f) AS features, size(features) AS ofFeatures,
       round(sum(there.influence), 4) AS influenceThere
ORDER BY influenceThere DESC, supernode, prompt
LIMIT 25;
