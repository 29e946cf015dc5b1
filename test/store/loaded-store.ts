import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createColumnBatch, type Signal, type TableName } from '@sonde/otlp';
import { type Engine, migrate, openEngine, openQuestions, Settler, type SettlerOptions, systemClock } from '@sonde/store';
import { groupBy } from '@sonde/model';
import { migrations } from '../../packages/store/src/schema/migrate.ts';
import { copyMigrated } from '../fixtures/migrated-database.ts';
import type { SampleSpan } from './sample-spans.ts';

const database = 'sonde_default';

/** A store in a temporary folder, or on the server of a cluster, and a way to put export requests into it. */
export async function openStore(server?: { readonly url: string; readonly cluster: string }) {
  const directory = await mkdtemp(join(tmpdir(), 'sonde-store-'));
  const path = join(directory, 'db');
  if (!server) await copyMigrated(path);
  const engine: Engine = await openEngine(server ? { ...server, database } : { path, database });
  await migrate(engine, migrations, server?.cluster);
  const loads: (readonly [TableName, string])[] = [];
  const newSettler = (own: Partial<SettlerOptions> = {}) =>
    new Settler({
      engine,
      clock: systemClock,
      report: (level, message, details) => console.error(level, message, details),
      directory: join(directory, 'settling'),
      shard: { shard: 0, shards: 1 },
      delaySeconds: 10,
      sealed: () => Promise.resolve(0),
      ...own,
    });
  const settler = newSettler();
  return {
    engine,
    questions: openQuestions(engine),
    /** One OTLP/JSON export request, through decoder and files. `loadedAt`: of its spans, Unix seconds. */
    async load(signal: Signal, request: unknown, loadedAt?: number, receivedAtMs = 1_773_140_000_000) {
      const batch = createColumnBatch();
      const outcome = batch.append(signal, 'json', Buffer.from(JSON.stringify(request)), receivedAtMs);
      if (outcome.kind !== 'appended' || outcome.rejected > 0) throw new Error(JSON.stringify(outcome));
      for (const { table, bytes } of batch.take()) {
        const file = join(directory, `${table}-${loads.length}.native`);
        await writeFile(file, bytes);
        await engine.insertFiles(table, [file], file, table === 'spans' ? loadedAt : undefined);
        loads.push([table, file]);
      }
    },
    directory,
    /** One more, of these options: for who wants to stop it, or to have it fail. */
    newSettler,
    /** Everything that was loaded. */
    settle: () => settler.settle(4_000_000_000),
    /** Each of them once more under its token, as after a crash; or those of one table, to another engine. */
    async repeatLoads(to = engine, only?: TableName) {
      for (const [table, file] of loads) if (only === undefined || table === only) await to.insertFiles(table, [file], file);
    },
    async close() {
      await settler.stop();
      await engine.close();
      await rm(directory, { recursive: true });
    },
  };
}

export type Store = Awaited<ReturnType<typeof openStore>>;

type Value = string | number | boolean;

export function otlpAttributes(attributes: Readonly<Record<string, Value>>) {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: otlpValue(value) }));
}

function otlpValue(value: Value) {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

function resourceOf({ service, instance, host, version, environment, namespace }: SampleSpan): string {
  return JSON.stringify([service, instance, host, version, environment, namespace]);
}

/** An export request of these spans, one resource for each service instance. */
export function traceRequest(spans: readonly SampleSpan[]) {
  return {
    resourceSpans: [...groupBy(spans, resourceOf).values()].map((own) => {
      const [{ service, instance, host, version, environment = '', namespace = '' }] = own as [SampleSpan];
      return {
        resource: {
          attributes: otlpAttributes({
            'service.name': service,
            'service.instance.id': instance,
            'service.version': version,
            ...(host === '' ? {} : { 'host.name': host, 'host.id': `id-${host}`, 'os.type': 'linux' }),
            ...(environment && { 'deployment.environment.name': environment }),
            ...(namespace && { 'service.namespace': namespace }),
          }),
        },
        scopeSpans: [{ scope: { name: 'sample' }, spans: own.map(otlpSpan) }],
      };
    }),
  };
}

function otlpSpan(span: SampleSpan) {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    name: span.name,
    kind: span.kind,
    startTimeUnixNano: String(span.startNs),
    endTimeUnixNano: String(span.startNs + span.durationNs),
    attributes: otlpAttributes(span.attributes),
    links: span.links ?? [],
    status: { code: span.failed ? 2 : 0 },
  };
}
