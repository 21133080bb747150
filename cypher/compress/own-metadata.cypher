// Rows of one's own, keyed by a feature (a table of notes, a file through LOAD CSV), summed up by supernode.
UNWIND $rows AS row
MATCH (f:Feature {key: row.feature})<-[:OF_FEATURE]-(:FeatureNode)-[:MEMBER_OF]->(s:Supernode)
      -[:IN_COMPRESSION]->(:Compression {id: $compression})
RETURN s.label AS supernode, count(DISTINCT f) AS annotated, collect(DISTINCT row.note)[..5] AS notes
ORDER BY annotated DESC, supernode;
