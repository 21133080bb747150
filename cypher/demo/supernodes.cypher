// Supernodes of features, the most influential first: what their members share, that is parts of labels that at least half of them
// have and the tokens on which their distributions rest, and their share of the features' influence on the answer.
MATCH (s:Supernode {kind: 'feature'})-[:IN_COMPRESSION]->(:Compression {id: $compression})
WITH s,
     [i IN range(0, size(s.sharedLabels) - 1) |
       s.sharedLabels[i] + ' (' + s.sharedLabelMembers[i] + ' of ' + s.size + ')'] AS labels,
     [i IN range(0, size(coalesce(s.topTokens, [])) - 1) |
       s.topTokens[i] + ' ' + toInteger(round(100 * s.topTokenShares[i])) + '%'] AS tokens
RETURN s.label AS supernode,
       s.size AS size,
       s.layers AS layers,
       round(100 * s.influenceShare, 1) AS `influence %`,
       reduce(text = '', l IN labels | text + CASE text WHEN '' THEN '' ELSE '; ' END + l) AS `shared by members`,
       reduce(text = '', t IN tokens | text + CASE text WHEN '' THEN '' ELSE ' ' END + t) AS `on tokens`,
       reduce(text = '', e IN s.examples | text + CASE text WHEN '' THEN '' ELSE '; ' END + e) AS `example members`
ORDER BY s.rank;
