// The rows of calibration.cypher over all their seeds: the tables of docs/matching.md. `spread` is the standard deviation of the
// recovered share from seed to seed; `wrongShare` is of the certified matches, `worst` that of the worst seed.

UNWIND $rows AS row
WITH row.removed AS removed, row.layer AS layer, row.sigma AS sigma, row.rotated AS rotated, row.method AS method, count(*) AS seeds,
  sum(row.sources) AS sources, sum(row.recovered) AS recovered, stDev(1.0 * row.recovered / row.sources) AS spread,
  CASE WHEN count(row.certified) > 0 THEN sum(row.certified) END AS certified, sum(row.certifiedRight) AS right,
  max(CASE WHEN row.certified > 0 THEN 1.0 * (row.certified - row.certifiedRight) / row.certified END) AS worst,
  sum(row.withoutPartner) AS withoutPartner, sum(row.certifiedWithoutPartner) AS certifiedOfThese
RETURN removed, layer, sigma, rotated, method, seeds, sources, round(1.0 * recovered / sources, 3) AS recoveredShare, round(spread, 3) AS spread,
  certified, CASE WHEN certified IS NOT NULL THEN round(1.0 * right / recovered, 3) END AS rightCertified,
  CASE WHEN certified > 0 THEN round(1.0 * (certified - right) / certified, 4) END AS wrongShare, round(worst, 4) AS worst,
  withoutPartner, CASE WHEN certified IS NOT NULL AND withoutPartner > 0 THEN round(1.0 * certifiedOfThese / withoutPartner, 4) END AS withoutPartnerCertified
ORDER BY removed, layer, sigma, rotated, certified IS NULL, recoveredShare DESC;
