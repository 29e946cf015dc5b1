import { isMainThread, parentPort } from 'node:worker_threads';
import { context, diag, DiagLogLevel, propagation, type TextMapPropagator } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  CompositePropagator,
  diagLogLevelFromString,
  W3CBaggagePropagator,
  W3CTraceContextPropagator,
} from '@opentelemetry/core';
import { type Config, readConfig } from './config.ts';
import { readDestination, type Signal } from './export/destination.ts';
import { Drops } from './export/drops.ts';
import { guardApplication } from './guard.ts';
import { instrument } from './instrument/instrument.ts';
import { type Flushable, flushAtExit } from './process/exit.ts';
import { readResource } from './resource/resource.ts';
import { startLogs } from './signals/logs.ts';
import { startMetrics } from './signals/metrics.ts';
import { startTraces } from './signals/traces.ts';
import { stderrWarn, type Warn } from './warn.ts';

const loaded = Symbol.for('sonde.agent');

/** Wires the agent into this process, once, whatever else loads it. Does not throw: without the agent the application still runs. */
export function start(environment: NodeJS.ProcessEnv): void {
  if (Reflect.has(globalThis, loaded) || isLoaderThread()) return;
  Reflect.set(globalThis, loaded, true);
  const warn = stderrWarn(environment['OTEL_LOG_LEVEL']?.toLowerCase() === 'none');
  try {
    wire(readConfig(environment, warn), environment, warn);
  } catch (error) {
    warn(`not started: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}

function wire(config: Config, environment: NodeJS.ProcessEnv, warn: Warn): void {
  if (config.disabled) return;
  if (config.logLevel !== '' && config.logLevel !== 'none') showSdkMessages(config.logLevel);
  const drops = new Drops(warn);
  const resource = readResource(config);
  const destinationOf = (signal: Signal, exporter: 'otlp' | 'none') =>
    exporter === 'none' ? undefined : readDestination(signal, environment, warn);
  const traces = destinationOf('traces', config.tracesExporter);
  const metrics = destinationOf('metrics', config.metricsExporter);
  const logs = destinationOf('logs', config.logsExporter);

  guardApplication();
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(createPropagator(config, warn));
  const started: Flushable[] = [];
  if (traces !== undefined) started.push(startTraces(config, resource, traces, drops, warn));
  if (metrics !== undefined) started.push(startMetrics(config, resource, metrics, drops));
  if (logs !== undefined) started.push(startLogs(config, resource, logs, drops));
  instrument({ disabled: config.disabledInstrumentations, isMainThread, warn });
  flushAtExit({
    flush: async (timeoutMs) => {
      await Promise.all(started.map(({ flush }) => flush(timeoutMs)));
    },
    held: () => started.reduce((sum, { held }) => sum + held(), 0),
  });
}

/** Node loads what `--require` names into its own thread for module hooks too, where no application runs. Only that thread has no parent port. */
function isLoaderThread(): boolean {
  return !isMainThread && parentPort === null;
}

function createPropagator({ propagators }: Config, warn: Warn): TextMapPropagator {
  const chosen: TextMapPropagator[] = [];
  for (const name of new Set(propagators)) {
    if (name === 'tracecontext') chosen.push(new W3CTraceContextPropagator());
    else if (name === 'baggage') chosen.push(new W3CBaggagePropagator());
    else if (name !== 'none') warn(`OTEL_PROPAGATORS: '${name}' is not supported`);
  }
  return new CompositePropagator({ propagators: chosen });
}

function write(...parts: unknown[]): void {
  console.error('sonde agent:', ...parts);
}

/** The SDK's and the instrumentations' own messages; on stderr, since stdout may be the application's output. */
function showSdkMessages(level: string): void {
  diag.setLogger(
    { error: write, warn: write, info: write, debug: write, verbose: write },
    { logLevel: diagLogLevelFromString(level) ?? DiagLogLevel.INFO, suppressOverrideMessage: true },
  );
}
