// `import type`: with `{ type MongoClient }` the emitted file would load it.
import type { MongoClient } from 'mongodb';
import { type Metric } from '../../metric.ts';
import { ScrapeError } from '../failure.ts';
import { numberOf } from '../metric-table.ts';
import { receiverKind } from '../receiver.ts';
import { booleanSetting, type HostPort, hostPortSetting, textSetting } from '../settings.ts';
import { withConnection } from '../with-connection.ts';
import { at, databaseMetrics, type Document, replicationMetrics, statusMetrics } from './answers.ts';

/** Sizes are asked less often: the server looks at each collection for them. */
const sizesEveryMs = 60_000;
const databasesMax = 50;
/** Large parts of which nothing is used. */
const statusCommand = { serverStatus: 1, locks: 0, tcmalloc: 0, security: 0, transportSecurity: 0, mirroredReads: 0 };

interface Settings {
  readonly endpoint: HostPort;
  readonly username: string;
  readonly password: string;
  readonly auth_database: string;
  readonly tls: boolean;
}

export const mongodb = receiverKind({
  kind: 'mongodb',
  settings: {
    endpoint: hostPortSetting(
      { default: undefined, sentence: 'A server; of a replica set or a sharded cluster, one of them.' },
      27_017,
    ),
    username: textSetting({ default: '', sentence: 'A user with the role `clusterMonitor`; empty where none is asked for.' }),
    password: textSetting({ default: '', sentence: 'Of that user.', secret: true }),
    auth_database: textSetting({ default: 'admin', sentence: 'The database in which the user was made.' }),
    tls: booleanSetting({
      default: 'false',
      sentence: 'Whether to speak TLS; `NODE_EXTRA_CA_CERTS` names authorities of your own.',
    }),
  },
  system: { 'db.system.name': 'mongodb' },
  server: ({ endpoint }) => endpoint,
  open(settings) {
    let client: MongoClient | undefined;
    let sizes: { readonly atMs: number; readonly metrics: Metric[]; readonly gaps: readonly string[] } | undefined;
    const drop = (): void => {
      client?.close().catch(() => undefined);
      client = undefined;
    };
    return {
      scrape: (signal) =>
        withConnection(signal, { drop, advice: (error) => adviceOf(error, settings) }, async () => {
          client ??= await connect(settings, signal);
          const open = client;
          const ask = (command: object, database = 'admin'): Promise<Document> => open.db(database).command({ ...command });
          const status = await ask(statusCommand);
          const gaps: string[] = [];
          const part = async (name: string, read: () => Promise<Metric[]>): Promise<Metric[]> => {
            try {
              return await read();
            } catch (error) {
              if (codeOf(error) !== forbidden) throw error;
              gaps.push(`no ${name}: ${adviceOf(error, settings).message}`);
              return [];
            }
          };
          if (sizes === undefined || Date.now() - sizes.atMs >= sizesEveryMs) {
            const metrics = await part('sizes', () => sizesOf(ask));
            sizes = { atMs: Date.now(), metrics, gaps: gaps.splice(0) };
          }
          gaps.push(...sizes.gaps);
          const isMember = typeof at(status, 'repl.setName') === 'string';
          const replication = isMember
            ? await part('replication', async () => replicationMetrics(await ask({ replSetGetStatus: 1 })))
            : [];
          const uptimeMs = numberOf(status['uptimeMillis']);
          return {
            ...(uptimeMs === undefined ? {} : { startTimeMs: Date.now() - uptimeMs }),
            resource: { 'mongodb.version': String(status['version']), ...(isMember ? roleOf(status) : {}) },
            metrics: [...statusMetrics(status), ...sizes.metrics, ...replication],
            gaps,
          };
        }),
      async close() {
        await client?.close();
      },
    };
  },
});

/** The driver is loaded by those who configured it: it takes 12 MB. */
async function connect(
  { endpoint, username, password, auth_database, tls }: Settings,
  signal: AbortSignal,
): Promise<MongoClient> {
  const { MongoClient } = await import('mongodb');
  const host = endpoint.address.includes(':') ? `[${endpoint.address}]` : endpoint.address;
  const client = new MongoClient(`mongodb://${host}:${endpoint.port}/`, {
    ...(username === '' ? {} : { auth: { username, password }, authSource: auth_database }),
    tls,
    // This one, whatever it is in its replica set.
    directConnection: true,
    maxPoolSize: 1,
    appName: 'sonde-host-agent',
    serverSelectionTimeoutMS: 10_000,
    heartbeatFrequencyMS: 60_000,
    retryReads: false,
  });
  // The driver would try again until its time is over, and only then say why.
  const failed = new Promise<never>((_, reject) => client.once('serverHeartbeatFailed', ({ failure }) => reject(failure)));
  const ended = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
  );
  try {
    await Promise.race([client.connect(), failed, ended]);
    return client;
  } catch (error) {
    client.close().catch(() => undefined);
    throw error;
  }
}

async function sizesOf(ask: (command: object, database?: string) => Promise<Document>): Promise<Metric[]> {
  const { databases } = await ask({ listDatabases: 1, nameOnly: true });
  const names = (Array.isArray(databases) ? (databases as readonly Document[]) : []).map(({ name }) => String(name));
  const found: Document[] = [];
  for (const name of names.slice(0, databasesMax)) found.push(await ask({ dbStats: 1 }, name));
  return databaseMetrics(found, names.length);
}

function roleOf(status: Document) {
  const isPrimary = (at(status, 'repl.isWritablePrimary') ?? at(status, 'repl.ismaster')) === true;
  return {
    'sonde.mongodb.replica_set': String(at(status, 'repl.setName')),
    'sonde.replication.role': isPrimary ? 'primary' : 'replica',
  };
}

const forbidden = 13;
const authenticationFailed = 18;

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function adviceOf(error: unknown, { username }: Settings): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const failure = (sentence: string) => new ScrapeError('forbidden', sentence, { cause: error });
  if (codeOf(error) === authenticationFailed) {
    return failure('MongoDB refuses the user or the password: correct `username`, `password` and `auth_database`');
  }
  if (codeOf(error) !== forbidden) return error;
  return username === ''
    ? failure('MongoDB asks for a user: set `username` and `password`')
    : failure(
        `the user lacks a role: db.getSiblingDB("admin").grantRolesToUser("${username}", [{ role: "clusterMonitor", db: "admin" }])`,
      );
}
