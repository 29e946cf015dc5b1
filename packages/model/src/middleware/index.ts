export { isLoopback } from './address.ts';
export { type ClientSide, joinMiddleware, type MiddlewareEntity, type Reporter } from './join.ts';
export { kindIdentity, kindOfSystem } from './kinds.ts';
export type { Machine } from './machines.ts';
export { chartLines, evaluate, formulasOf, type Measured, needed, type TableRow, tableRows } from './figures/evaluate.ts';
export { kindPage, kindPages } from './figures/kind-pages.ts';
