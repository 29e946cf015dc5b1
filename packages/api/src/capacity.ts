import { fitProblems, trendProblems } from '@sonde/model';
import { type Static, Type } from 'typebox';
import {
  AnsweredRange,
  Count,
  noParams,
  operation,
  orUnknown,
  placeFilters,
  Share,
  strictObject,
  timeRange,
} from './common.ts';

const Figure = orUnknown(Type.Number());
/** 0..1; more than 1 is asked than there is. */
const NowAndPeak = strictObject({ now: Figure, peak: Figure });

const subject = {
  kind: Type.Enum(['host', 'service', 'database']),
  /** Of a database: `server.address:server.port` as its clients call it. */
  name: Type.String(),
  resource: Type.Enum(['cpu', 'memory', 'disk', 'event loop', 'connections']),
  /** Which of several: the mount point of a disk. */
  part: orUnknown(Type.String()),
};

export const CapacityItem = strictObject({
  ...subject,
  utilization: NowAndPeak,
  /** Requests a second that are served there; of a database calls to it. `now`: the median of the newest eighth of the steps. */
  rate: NowAndPeak,
  /** Of a database: how many calls are under way at a time (Little's law: time spent in it a second). */
  concurrency: orUnknown(Type.Number({ minimum: 0 })),
  /** Utilisation from which it counts as saturated. */
  bound: Share,
  /** utilisation = idle + costPerRequest · rate. null: `fitUnknown` says why. */
  fit: orUnknown(
    strictObject({
      idle: Type.Number(),
      costPerRequest: Type.Number({ exclusiveMinimum: 0 }),
      r2: Type.Number({ maximum: 1 }),
      points: Count,
      outliers: Count,
      rateMin: Type.Number(),
      rateMax: Type.Number(),
    }),
  ),
  /** `by time`: what fills up is judged by its trend. */
  fitUnknown: orUnknown(Type.Enum([...fitProblems, 'not measured', 'no requests', 'by time'])),
  saturatesAtRate: Figure,
  /** `saturatesAtRate` as a multiple of the rate now, and of its peak. */
  headroom: NowAndPeak,
  runsOutAtMs: orUnknown(Type.Integer()),
  daysLeft: orUnknown(Type.Number({ minimum: 0 })),
  /** `by rate`: what requests use up does not fill. */
  trendUnknown: orUnknown(Type.Enum([...trendProblems, 'not measured', 'by rate'])),
  /** In each step. */
  utilizations: Type.Array(Figure),
  rates: Type.Array(Figure),
});
export type CapacityItem = Static<typeof CapacityItem>;

const answered = {
  /** Whole minutes; from a day on whole hours. It ends where everything is settled: not in the last minute. */
  range: AnsweredRange,
  timesMs: Type.Array(Type.Integer()),
};

export const getCapacity = operation({
  id: 'getCapacity',
  path: '/capacity',
  summary: 'Of each host, service and database: utilisation against rate, headroom, and when it runs out.',
  params: noParams,
  query: strictObject({
    ...timeRange,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Default 200.' })),
    ...placeFilters,
  }),
  reply: strictObject({
    ...answered,
    /** Of these the worst are shown. */
    total: Count,
    /** The nearest to its end first. */
    resources: Type.Array(CapacityItem),
  }),
});

export const ScaledItem = strictObject({
  ...subject,
  rate: strictObject({ before: Figure, after: Figure }),
  utilization: strictObject({ before: Figure, after: Figure }),
  bound: Share,
  /** Calls there for each request of the API. */
  callsPerRequest: Type.Number({ minimum: 0 }),
  /** 0..1: of the work done there what is the API's. */
  workShare: Share,
  /** As many times the API's requests saturate it. null: unknown, or it never does. */
  saturatesAtFactor: orUnknown(Type.Number({ minimum: 1 })),
});
export type ScaledItem = Static<typeof ScaledItem>;

const name = (what: string) => Type.String({ minLength: 1, maxLength: 1024, description: what });

export const getCapacityWhatIf = operation({
  id: 'getCapacityWhatIf',
  path: '/capacity/what-if',
  summary: 'What an API with so many times its requests makes of the hosts, services and databases behind it.',
  params: noParams,
  query: strictObject({
    ...timeRange,
    service: name('The service by which the API is entered.'),
    name: name('Its name.'),
    factor: Type.Number({ exclusiveMinimum: 0, maximum: 100, description: 'How many times its requests of now.' }),
    ...placeFilters,
  }),
  reply: strictObject({
    ...answered,
    requestsPerSecond: Type.Number({ minimum: 0 }),
    /** Those that the API passes through; the first to saturate first. */
    resources: Type.Array(ScaledItem),
    /** The greatest factor that saturates nothing of which the cost is known; 1 where something is saturated already. null: not known of any. */
    fitsUpTo: orUnknown(Type.Number({ minimum: 1 })),
  }),
});
