import { type Static, Type } from 'typebox';
import { noParams, operation, placeFilters, strictObject } from './common.ts';

/** One instance of one version of a service on one host, as its telemetry named itself. */
export const InventoryItem = strictObject({
  service: Type.String(),
  namespace: Type.String(),
  environment: Type.String(),
  version: Type.String(),
  instance: Type.String(),
  host: Type.String(),
  /** When the first and the last of its spans, points and records was received, of all that was ever kept. */
  firstSeenMs: Type.Integer(),
  lastSeenMs: Type.Integer(),
});
export type InventoryItem = Static<typeof InventoryItem>;

export const getInventory = operation({
  id: 'getInventory',
  path: '/inventory',
  summary: 'Every service, version, instance and host that was ever heard of, with when it was first and last.',
  params: noParams,
  query: strictObject({
    service: Type.Optional(Type.String({ maxLength: 1024, description: 'Only of this service.' })),
    host: Type.Optional(Type.String({ maxLength: 1024, description: 'Only on this host.' })),
    ...placeFilters,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, description: 'Default 1000.' })),
  }),
  reply: strictObject({
    /** Those that were heard of last come first. */
    items: Type.Array(InventoryItem),
    /** Distinct names over everything that was asked for, in order. */
    environments: Type.Array(Type.String()),
    namespaces: Type.Array(Type.String()),
    /** There are more than `limit`. */
    isTruncated: Type.Boolean(),
  }),
});
