import { type Static, Type } from 'typebox';
import { Count, noParams, operation, orUnknown, strictObject } from './common.ts';

const days = (what: string) => Type.Integer({ minimum: 1, maximum: 3650, description: `Days that ${what} are kept.` });

/** How long what is kept. A day (UTC) of data goes as a whole, when its last moment is older than the limit. */
export const RetentionSettings = strictObject({
  spansDays: days('all spans'),
  keptSpansDays: days('the spans of failed, slow and sampled traces'),
  logsDays: days('log records'),
  metricsDays: days('data points and exemplars'),
  minuteRollupsDays: days('rollups by the minute'),
  hourRollupsDays: days('rollups by the hour'),
  dayRollupsDays: days('rollups by the day'),
  slowMs: Type.Integer({ minimum: 1, maximum: 86_400_000, description: 'A trace that lasted longer is slow.' }),
  samplePercent: Type.Number({
    minimum: 0,
    maximum: 100,
    description: 'Share of all traces, chosen by trace id, that is kept as slow ones are. Rounded to hundredths.',
  }),
});
export type RetentionSettings = Static<typeof RetentionSettings>;

/** What the schema cannot say. */
export function retentionProblem({ spansDays, keptSpansDays }: RetentionSettings) {
  if (keptSpansDays >= spansDays) return undefined;
  return { parameter: 'keptSpansDays', detail: 'keptSpansDays must not be less than spansDays.' } as const;
}

export const StoredSignal = Type.Enum(['spans', 'logs', 'metrics', 'minuteRollups', 'hourRollups', 'dayRollups']);
export type StoredSignal = Static<typeof StoredSignal>;

const Day = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$', description: 'A day, UTC.' });

/** The disk that holds the database. */
export const DiskState = strictObject({
  freeBytes: Count,
  totalBytes: Count,
  /** Below this the oldest days are dropped; 0: never. */
  freeMinBytes: Count,
  /** `full`: below, and nothing that may be dropped is left. */
  state: Type.Enum(['ok', 'below', 'full']),
});
export type DiskState = Static<typeof DiskState>;

export const Retention = strictObject({
  settings: RetentionSettings,
  /** When they were set; null: never, they are the defaults of this collector. */
  setAtMs: orUnknown(Type.Integer()),
  signals: Type.Array(
    strictObject({
      signal: StoredSignal,
      /** On disk, compressed. */
      bytes: Count,
      rows: Count,
      /** Null where nothing is stored. */
      oldestDay: orUnknown(Day),
      newestDay: orUnknown(Day),
    }),
  ),
  /** Null until the database was asked. */
  disk: orUnknown(DiskState),
  /** What went in the last 30 days, newest first, at most 200. */
  dropped: Type.Array(
    strictObject({
      atMs: Type.Integer(),
      signal: StoredSignal,
      /** The last day of what went. */
      day: Day,
      /** `age`: past its limit. `value`: neither failed, slow nor in the sample. `disk`: to keep the disk from filling. */
      reason: Type.Enum(['age', 'value', 'disk']),
      rows: Count,
      bytes: Count,
    }),
  ),
});
export type Retention = Static<typeof Retention>;

export const getRetention = operation({
  id: 'getRetention',
  path: '/retention',
  summary: 'How long what is kept, what is stored, and what was dropped lately.',
  params: noParams,
  query: strictObject({}),
  reply: Retention,
});

export const setRetention = operation({
  id: 'setRetention',
  method: 'put',
  path: '/retention',
  summary: 'Sets how long what is kept, from now on. What is past a new limit is dropped within minutes.',
  params: noParams,
  query: strictObject({}),
  body: RetentionSettings,
  reply: Retention,
});
