// The supernodes of a compression that group features, the most influential first: what their members share and how much of the
// features' influence on the answer goes through them. A member's label names a value (a's ones = 4) and a place; the share counts
// how many members carry the supernode's most frequent variable (a's ones).
MATCH (s:Supernode)-[:IN_COMPRESSION]->(:Compression {id: $compression})
MATCH (n:FeatureNode)-[:MEMBER_OF]->(s)
MATCH (n)-[:OF_FEATURE]->(f:Feature)
WITH s, n, f, coalesce(split(replace(f.label, 'weakly: ', ''), ' = ')[0], 'no label') AS variable
ORDER BY n.influence DESC, n.nodeId
WITH s, collect({layer: n.layer, influence: n.influence, label: coalesce(f.label, f.key), variable: variable}) AS members
WITH s, members,
     reduce(sum = 0.0, m IN members | sum + m.influence) AS influence,
     reduce(best = {count: 0}, v IN [m IN members | m.variable] |
       CASE WHEN size([m IN members WHERE m.variable = v]) > best.count
            THEN {variable: v, count: size([m IN members WHERE m.variable = v])} ELSE best END) AS most
WITH collect({s: s, members: members, influence: influence, most: most}) AS all
WITH all, reduce(sum = 0.0, x IN all | sum + x.influence) AS total
UNWIND all AS x
RETURN x.s.label AS supernode,
       size(x.members) AS size,
       reduce(layers = [], l IN [m IN x.members | m.layer] | CASE WHEN l IN layers THEN layers ELSE layers + l END) AS layers,
       x.most.variable + ' (' + x.most.count + ' of ' + size(x.members) + ')' AS shared,
       round(100 * x.influence / total, 1) AS influencePercent,
       reduce(text = '', m IN x.members[..3] | text + CASE text WHEN '' THEN '' ELSE '; ' END + m.label) AS examples
ORDER BY influencePercent DESC, supernode;
