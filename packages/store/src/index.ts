export type { Budget, Engine } from './engine/types.ts';
export * from './loader/index.ts';
export * from './spool/index.ts';
