export { type Both, type InstanceChange, type PartChange, type ServiceChange, serviceChanges } from './changes.ts';
export { diagnose, type Diagnosed } from './diagnose.ts';
export type { HostFacts, PartKind, PathPart, PeriodFacts, RuntimeFacts, SymptomFacts } from './facts.ts';
export { curveOf, errorShare, meanNs } from './symptom.ts';
export type { Evidence, Finding, Subject } from './verdict.ts';
export { goneOf } from './instances.ts';
export { bounds } from './resources.ts';
