export {
  type CapacityResource,
  fitLoad,
  type FitProblem,
  fitProblems,
  type LoadFit,
  type LoadFitOutcome,
  type LoadPoint,
  newestOf,
  saturatingRate,
  saturationBounds,
} from './load-fit.ts';
export { type Pressed, pressureOf } from './pressure.ts';
export { levelTrend, type LevelPoint, type LevelTrend, type TrendProblem, trendProblems } from './trend.ts';
export { type ApiDemand, type ApiScaled, type LoadedResource, type ScaledResource, whatIf } from './what-if.ts';
