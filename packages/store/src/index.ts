export { type EmbeddedOptions } from './engine/embedded.ts';
export { EngineBusy, EngineUnusable, QueryBudgetExceeded } from './engine/errors.ts';
export { type EngineOptions, openEngine } from './engine/open.ts';
export { type ServerOptions } from './engine/server.ts';
export type { Budget, Engine } from './engine/types.ts';
export * from './loader/index.ts';
export * from './spool/index.ts';
export { migrate } from './schema/migrate.ts';
