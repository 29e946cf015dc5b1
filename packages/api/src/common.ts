import { type Static, type TObject, type TSchema, Type } from 'typebox';

/** One thing the API can be asked or told: the route, its schemas, and what OpenAPI says of it. */
export interface Operation<
  P extends TObject = TObject,
  Q extends TObject = TObject,
  R extends TSchema = TSchema,
  B extends TObject = TObject,
> {
  readonly id: string;
  /** Default: get. What changes something is a put with a body. */
  readonly method?: 'get' | 'put';
  /** Below `/api/v1`, parameters in braces as in OpenAPI: `/traces/{traceId}`. */
  readonly path: string;
  readonly summary: string;
  readonly params: P;
  readonly query: Q;
  /** JSON. Each member may be named by a problem as a parameter is. */
  readonly body?: B;
  readonly reply: R;
}

export function operation<const O extends Operation>(o: O): O {
  return o;
}

/** No unknown parameter is ignored: a misspelt filter must not look like an answer to another question. */
export function strictObject<T extends Record<string, TSchema>>(properties: T) {
  return Type.Object(properties, { additionalProperties: false });
}

/** null: unknown. Never zero, never left out. */
export function orUnknown<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()]);
}

export const noParams = strictObject({});

export const DurationNs = Type.Number({ minimum: 0, description: 'Nanoseconds.' });
export const Count = Type.Integer({ minimum: 0 });
export const UnixNano = Type.String({ pattern: '^-?[0-9]+$', description: 'Nanoseconds since the epoch, decimal.' });
export const TraceId = Type.String({ pattern: '^[0-9a-f]{32}$' });
export const SpanId = Type.String({ pattern: '^[0-9a-f]{16}$' });
export const Share = Type.Number({ minimum: 0, maximum: 1 });

/** Of a service, a host, a server, as it names itself. */
export const Name = Type.String({ minLength: 1, maxLength: 1024 });

/** Unknown where there was no request. */
export const percentiles = {
  p50Ns: orUnknown(DurationNs),
  p95Ns: orUnknown(DurationNs),
  p99Ns: orUnknown(DurationNs),
};

/** `from` and `to` of every question over time; half open, [from, to). */
export const timeRange = {
  from: Type.Optional(
    Type.String({ description: 'Start: epoch milliseconds or RFC 3339. Default: one hour before `to`.', maxLength: 40 }),
  ),
  to: Type.Optional(Type.String({ description: 'End: epoch milliseconds or RFC 3339. Default: now.', maxLength: 40 })),
};

/** Where it runs: of every question over services. */
export const placeFilters = {
  environment: Type.Optional(Type.String({ maxLength: 1024, description: 'Only of this `deployment.environment.name`.' })),
  namespace: Type.Optional(Type.String({ maxLength: 1024, description: 'Only of this `service.namespace`.' })),
};

export const rangeAndPlace = strictObject({ ...timeRange, ...placeFilters });

/** The range that was answered for, after defaults. */
export const AnsweredRange = strictObject({ fromMs: Type.Integer(), toMs: Type.Integer() });

/** Where a key of a search stands. */
export const KeyScope = Type.Enum(['intrinsic', 'resource', 'attribute']);

/** A line over a shared time axis; null where nothing is known. */
export const Series = strictObject({
  name: Type.String(),
  /** UCUM, as OpenTelemetry writes units: `1` (a ratio), `By`, `By/s`, `ns`, `{request}/s`. */
  unit: Type.String(),
  values: Type.Array(orUnknown(Type.Number())),
});
export type Series = Static<typeof Series>;

/** RFC 9457. `parameter` names the bad parameter where there is one; `position` is where in its text, [start, end) in UTF-16 code units. */
export const Problem = strictObject({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  code: Type.String(),
  parameter: Type.Optional(Type.String()),
  position: Type.Optional(strictObject({ start: Count, end: Count })),
  /** What could stand there. */
  expected: Type.Optional(Type.Array(Type.String())),
});
export type Problem = Static<typeof Problem>;
