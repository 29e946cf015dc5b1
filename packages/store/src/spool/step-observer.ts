import type { Signal } from '@sonde/otlp';

/** Told what each step of the write path did and how long it took, for the collector's own metrics. */
export interface StepObserver {
  /** A request of `bytes` became rows, or was refused for what it holds. */
  decoded(signal: Signal, bytes: number, durationMs: number): void;
  /** A set of `bytes` is on disk. */
  committed(bytes: number, durationMs: number): void;
  /** A load of `rows` is in the database. */
  loaded(rows: number, durationMs: number): void;
  /** A load failed, and will be tried again. */
  loadFailed(): void;
}

export const noObserver: StepObserver = { decoded() {}, committed() {}, loaded() {}, loadFailed() {} };
