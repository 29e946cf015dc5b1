import { type Instrumentation } from '@opentelemetry/instrumentation';
import { type Warn } from '../warn.ts';
import { hookImports } from './esm-hook.ts';
import { instrumentFastify } from './fastify-route.ts';
import { instrumentations, runtimeInstrumentation } from './instrumentations.ts';

export interface InstrumentOptions {
  /** Short names to leave out. */
  readonly disabled: readonly string[];
  readonly isMainThread: boolean;
  readonly warn: Warn;
}

/** Starts every instrumentation, each on its own: one that fails costs only what it would have shown. */
export function instrument({ disabled, isMainThread, warn }: InstrumentOptions): void {
  const chosen = new Map(Object.entries(instrumentations));
  if (isMainThread) chosen.set('runtime-node', runtimeInstrumentation);
  for (const name of disabled) {
    if (!chosen.delete(name) && name !== 'fastify') warn(`OTEL_NODE_DISABLED_INSTRUMENTATIONS: there is no '${name}'`);
  }
  const started: Instrumentation[] = [];
  for (const [name, create] of chosen) {
    try {
      started.push(create());
    } catch (error) {
      warn(`${name} is not instrumented: ${String(error)}`);
    }
  }
  if (!disabled.includes('fastify')) instrumentFastify();
  // The loader hook serves all threads; a second registration is a warning on stderr.
  if (isMainThread) hookImports(started);
}
