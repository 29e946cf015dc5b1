import { type Static, Type } from 'typebox';
import { AnsweredRange, Count, noParams, operation, orUnknown, placeFilters, strictObject, timeRange } from './common.ts';

/** A change of state between two periods. */
export const StateChange = strictObject({
  kind: Type.Enum([
    'new version',
    'traffic step',
    'instance gone',
    'new instance',
    'resource saturated',
    'statement slower',
    'database slower',
    'remote slower',
    'queue waits longer',
    'queue read less',
    'fails more',
    'passes failures on',
  ]),
  /** Of a host none; of a dependency the service that asks it most, of a queue the one that reads it. */
  service: Type.String(),
  /** The version, instance or host; a dependency's address, a queue; else the service. With `kind` it says what /diagnosis can be asked for. */
  name: Type.String(),
  /** `db.system.name`, `messaging.system`; else empty. */
  system: Type.String(),
  statement: Type.Optional(strictObject({ hash: Type.String(), text: Type.String() })),
  /** Of a host: what is saturated. */
  measure: Type.Optional(Type.Enum(['CPU utilization', 'CPU pressure', 'CPU steal', 'I/O wait', 'I/O pressure'])),
  /** When it began, as far as that can be told. */
  atMs: orUnknown(Type.Integer()),
  /** Requests a second, shares (0..1), ns, or how many instances: by `kind`. */
  baseline: orUnknown(Type.Number()),
  now: orUnknown(Type.Number()),
});
export type StateChange = Static<typeof StateChange>;

export const baselineRange = {
  baselineFrom: Type.Optional(
    Type.String({ maxLength: 40, description: 'Start of the baseline. Default: the period of equal length just before.' }),
  ),
  baselineTo: Type.Optional(
    Type.String({
      maxLength: 40,
      description: 'End of the baseline. What ends before the range does so in whole minutes or hours, too.',
    }),
  ),
};

export const listChanges = operation({
  id: 'listChanges',
  path: '/changes',
  summary:
    'What changed its state between two periods, in the whole system: versions, traffic, instances, hosts; what got slower, later, or fails more.',
  params: noParams,
  query: strictObject({
    ...timeRange,
    ...baselineRange,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: 'Default 100.' })),
    ...placeFilters,
  }),
  reply: strictObject({
    range: AnsweredRange,
    baseline: AnsweredRange,
    /** All that were served: where there were none in one of the periods, nothing can be told. */
    requests: strictObject({ baseline: Count, now: Count }),
    /** Newest first; those of which no moment is known after them. */
    items: Type.Array(StateChange),
    /** More than `limit` were found: the oldest are missing. */
    isTruncated: Type.Boolean(),
  }),
});
export type Changes = Static<typeof listChanges.reply>;
