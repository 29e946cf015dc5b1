import type { Diagnosis, DiagnosisEvidence, Verdict } from '@sonde/api';

const subject = {
  kind: 'statement',
  service: 'orders',
  name: 'orders-db:3306',
  system: 'mysql',
  statement: { hash: '9c5b88f48ec02b0b', text: 'SELECT 1' },
} as const;

export function evidence(
  measure: DiagnosisEvidence['measure'],
  of: string,
  unit: string,
  baseline: number | null,
  now: number | null,
) {
  return { measure, of, unit, baseline, now, says: 'for' as const };
}

export const slowStatement: Verdict = {
  cause: 'slow statement',
  subject,
  share: 0.8,
  confidence: 0.85,
  sinceMs: 600_000,
  evidence: [
    {
      ...evidence('time on the critical path', 'shop', 'ns', 8e6, 160e6),
      line: { name: 'x', unit: 'ns', values: [8e6, 160e6] },
    },
    evidence('mean duration', 'shop', 'ns', 8e6, 160e6),
    { ...evidence('requests', 'shop', '{request}/s', 2, 2), says: 'against' },
  ],
  propagation: ['orders', 'gateway'],
  remedy: { action: 'fix statement', target: '9c5b88f48ec02b0b', amount: null, rule: 'slow statement', why: 'Because.' },
};

const figures = { requests: 600, rate: 2, errorShare: 0, meanNs: 40e6, p50Ns: 38e6, p95Ns: 40e6, p99Ns: 41e6 };

/** Ten minutes of which the first half is the baseline; a statement of orders got slow. */
export const diagnosis: Diagnosis = {
  range: { fromMs: 600_000, toMs: 1_200_000 },
  baseline: { fromMs: 0, toMs: 600_000 },
  symptom: {
    service: 'gateway',
    name: 'POST /checkout',
    now: { ...figures, meanNs: 192e6, p95Ns: 200e6 },
    baseline: figures,
    curve: 'whole',
    problems: ['slower'],
  },
  part: null,
  decomposition: {
    deltaNs: 180e6,
    unknownNs: 10e6,
    parts: [
      { subject, cause: 'slow statement', baselineNs: 8e6, nowNs: 160e6, deltaNs: 152e6, share: 0.8 },
      {
        subject: { kind: 'pool', service: 'orders', name: 'orders', system: '' },
        cause: null,
        baselineNs: 0,
        nowNs: 38e6,
        deltaNs: 38e6,
        share: 0.2,
      },
      {
        subject: { kind: 'service', service: 'gateway', name: 'gateway', system: '' },
        cause: null,
        baselineNs: 30e6,
        nowNs: 10e6,
        deltaNs: -20e6,
        share: 0,
      },
    ],
  },
  verdicts: [slowStatement],
  ruledOut: [],
  changes: [],
  timesMs: [0, 600_000],
};
