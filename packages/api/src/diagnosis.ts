import { type Static, Type } from 'typebox';
import {
  AnsweredRange,
  Count,
  noParams,
  operation,
  orUnknown,
  placeFilters,
  Series,
  Share,
  strictObject,
  timeRange,
} from './common.ts';
import { baselineRange, StateChange } from './changes.ts';
import { injuredParts } from './impact.ts';

/** What a part of a latency, or a verdict, is about. */
export const DiagnosisSubject = strictObject({
  /** service: its own time. call: from when its caller (`name`) sent until it began, and back. statement, queue, remote: waiting for that. pool: waiting for a free connection. instance, host: one of a service's. */
  kind: Type.Enum(['service', 'call', 'statement', 'database', 'queue', 'remote', 'pool', 'instance', 'host']),
  /** The service whose time it is, or that waits. */
  service: Type.String(),
  /** Address of a database or remote, name of a queue, an instance, a host; else the service. */
  name: Type.String(),
  /** `db.system.name`, `messaging.system`; else empty. */
  system: Type.String(),
  /** Of a statement: its hash and its text. */
  statement: Type.Optional(strictObject({ hash: Type.String(), text: Type.String() })),
});
export type DiagnosisSubject = Static<typeof DiagnosisSubject>;

/** Of the requests to the symptom. Unknown where there was none. */
const Figures = strictObject({
  requests: Count,
  /** A second. */
  rate: Type.Number({ minimum: 0 }),
  errorShare: orUnknown(Share),
  meanNs: orUnknown(Type.Number()),
  p50Ns: orUnknown(Type.Number()),
  p95Ns: orUnknown(Type.Number()),
  p99Ns: orUnknown(Type.Number()),
});
export type DiagnosisFigures = Static<typeof Figures>;

/** A measure in both periods. Unknown: nobody reports it. */
export const DiagnosisEvidence = strictObject({
  /** Which measure: docs/remedies.md lists them. */
  measure: Type.Enum([
    'time on the critical path',
    'mean duration',
    'requests',
    'error share',
    'wait in queue',
    'garbage collection',
    'event loop delay',
    'event loop utilization',
    'CPU utilization',
    'CPU pressure',
    'CPU steal',
    'I/O wait',
    'I/O pressure',
    'instances',
    'versions',
    'heap in use',
  ]),
  /** What it was measured of: a service, an instance, a host, a dependency. */
  of: Type.String(),
  /** UCUM. Times per request are `ns`. */
  unit: Type.String(),
  baseline: orUnknown(Type.Number()),
  now: orUnknown(Type.Number()),
  /** Whether it speaks for the verdict, or rules something out. */
  says: Type.Enum(['for', 'against']),
  /** Over `timesMs`, where there is a line to show. */
  line: Type.Optional(Series),
});
export type DiagnosisEvidence = Static<typeof DiagnosisEvidence>;

export const causes = [
  'slow statement',
  'slow database',
  'slow remote',
  'failing dependency',
  'queue backed up',
  'queue consumer gone',
  'pool exhausted',
  'garbage collection',
  'event loop blocked',
  'host CPU saturated',
  'CPU steal',
  'host I/O saturated',
  'one bad instance',
  'instance gone',
  'new version',
  'more traffic',
  'own code',
  'own errors',
] as const;

export const actions = [
  'fix statement',
  'scale out',
  'rate-limit callers',
  'degrade',
  'drain instance',
  'restart and fix',
  'roll back',
  'restart consumer',
  'free the host',
  'enlarge pool',
  'fix code',
  'replace instance',
] as const;

export const Remedy = strictObject({
  action: Type.Enum(actions),
  /** What it is done to: a service, an instance, a host, a dependency, an API. */
  target: Type.String(),
  /** How many instances; requests a second; what `action` needs. */
  amount: orUnknown(Type.Number()),
  /** The rule that said so (docs/remedies.md). */
  rule: Type.String(),
  /** The rule's reason, a sentence. */
  why: Type.String(),
});
export type Remedy = Static<typeof Remedy>;

export const Verdict = strictObject({
  cause: Type.Enum(causes),
  subject: DiagnosisSubject,
  /** Of the change in latency (of the failures, where it is failures that rose). */
  share: Share,
  /** 0..1: how sure the evidence makes it. docs/remedies.md says how it is reckoned. */
  confidence: Share,
  /** When it began, as far as the lines tell. */
  sinceMs: orUnknown(Type.Integer()),
  evidence: Type.Array(DiagnosisEvidence),
  /** From the cause to the symptom: services on the way, the cause's first. */
  propagation: Type.Array(Type.String()),
  remedy: Remedy,
});
export type Verdict = Static<typeof Verdict>;

const Symptom = strictObject({
  service: Type.String(),
  name: orUnknown(Type.String()),
  now: Figures,
  baseline: Figures,
  /** whole: the median moved too. tail: only the slowest. none: neither moved. */
  curve: Type.Enum(['whole', 'tail', 'none', 'unknown']),
  /** What is wrong with it; nothing where it is as before. late: its messages wait. */
  problems: Type.Array(Type.Enum(['slower', 'failing', 'late'])),
});

/** What was asked for, where that was no service. */
export const DiagnosisPart = strictObject({
  kind: Type.Enum(['host', 'statement', 'queue', 'database', 'remote']),
  /** As it was asked for; of a statement its hash. */
  name: Type.String(),
  /** Of a statement: its text, empty where it is not known. */
  statement: Type.Optional(strictObject({ hash: Type.String(), text: Type.String() })),
  /** Its own figures in both periods; `for`: they changed as much as a cause does. */
  evidence: Type.Array(DiagnosisEvidence),
  /** All APIs that pass there, in either period, the symptom among them. */
  apis: Count,
  /** The first few besides the symptom, who was hurt most first. */
  others: Type.Array(strictObject({ service: Type.String(), name: Type.String() })),
});
export type DiagnosisPart = Static<typeof DiagnosisPart>;

const answer = {
  range: AnsweredRange,
  baseline: AnsweredRange,
  symptom: Symptom,
  /** null: a service was asked for. */
  part: orUnknown(DiagnosisPart),
  /** Where the mean latency changed; the parts and `unknownNs` add up to `deltaNs`. */
  decomposition: strictObject({
    deltaNs: orUnknown(Type.Number()),
    unknownNs: orUnknown(Type.Number()),
    parts: Type.Array(
      strictObject({
        subject: DiagnosisSubject,
        cause: orUnknown(Type.Enum(causes)),
        baselineNs: Type.Number(),
        nowNs: Type.Number(),
        deltaNs: Type.Number(),
        /** Of all that got slower. */
        share: Share,
      }),
    ),
  }),
  /** The likeliest first, of a part those about it before all others; none where nothing got worse. */
  verdicts: Type.Array(Verdict),
  /** What was looked at and is as before. */
  ruledOut: Type.Array(DiagnosisEvidence),
  changes: Type.Array(StateChange),
  timesMs: Type.Array(Type.Integer()),
};

const Diagnosis = strictObject(answer);
export type Diagnosis = Static<typeof Diagnosis>;

/** symptom is null: no API passed through the part, in either period; then nothing is said but of the part. */
const Reply = strictObject({ ...answer, symptom: orUnknown(Symptom) });

export const getDiagnosis = operation({
  id: 'getDiagnosis',
  path: '/diagnosis',
  summary:
    'Why an API or a service is slower or fails more than before, or the APIs that pass through a part: where the time went, the cause with its evidence, what to do.',
  params: noParams,
  query: strictObject({
    ...timeRange,
    ...injuredParts,
    name: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 1024,
        description: 'Of `service` its endpoint, by span name. Default: all that enter by the service.',
      }),
    ),
    ...baselineRange,
    ...placeFilters,
  }),
  reply: Reply,
});
