export { contentErrorNames } from './content-error.ts';
export { Loader, type LoaderOptions } from './loader.ts';
export type { LoadLimits } from './load-limits.ts';
