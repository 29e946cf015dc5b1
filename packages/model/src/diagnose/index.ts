export { beganMs, median } from './began.ts';
export { type Both, type InstanceChange, type PartChange, type ServiceChange, serviceChanges } from './changes.ts';
export { diagnose, type Diagnosed } from './diagnose.ts';
export {
  type HostFacts,
  idlePart,
  type PartKind,
  type PathPart,
  type PeriodFacts,
  type RuntimeFacts,
  type SymptomFacts,
} from './facts.ts';
export { aboutFirst, type Part } from './of-part.ts';
export { type Passing, type PassingApi, worstFirst } from './part-symptom.ts';
export { hostEvidence, partEvidence } from './part-evidence.ts';
export { newestFirst, type StateChange, stateChanges, type SystemFacts, systemChanges } from './state-changes.ts';
export { curveOf, errorShare, meanNs } from './symptom.ts';
export type { Evidence, Finding, Subject } from './verdict.ts';
