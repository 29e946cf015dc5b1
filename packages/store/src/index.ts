export type { Budget, Engine } from './engine/types.ts';
