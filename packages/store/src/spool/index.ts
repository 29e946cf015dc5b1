export { type Clock, systemClock } from './clock.ts';
export { type Disk, nodeDisk } from './disk.ts';
export { type CommitOutcome, GroupCommit, type GroupCommitOptions, type RefusalReason } from './group-commit.ts';
export { ItemLedger } from './item-ledger.ts';
export { lockDirectory, SpoolInUse } from './lock.ts';
export { noObserver, type StepObserver } from './step-observer.ts';
export type { Report } from './report.ts';
export { withReserve } from './reserve.ts';
export { type CheckedTable, Spool, SpoolFull, type SpoolOptions } from './spool.ts';
