import { Client } from 'pg';
import { type Metric } from '../../metric.ts';
import { ScrapeError } from '../failure.ts';
import { numberOf } from '../metric-table.ts';
import { receiverKind } from '../receiver.ts';
import { booleanSetting, type HostPort, hostPortSetting, textSetting } from '../settings.ts';
import { withConnection } from '../with-connection.ts';
import * as metrics from './metrics.ts';
import * as queries from './queries.ts';

const sizesEveryMs = 60_000;

interface Settings {
  readonly endpoint: HostPort;
  readonly username: string;
  readonly password: string;
  readonly database: string;
  readonly tls: boolean;
}

export const postgresql = receiverKind({
  kind: 'postgresql',
  settings: {
    endpoint: hostPortSetting({ default: undefined, sentence: 'The server.' }, 5432),
    username: textSetting({ default: undefined, sentence: 'A role with `pg_monitor`.' }),
    password: textSetting({ default: '', sentence: 'Empty means that none is asked for.', secret: true }),
    database: textSetting({
      default: 'postgres',
      sentence: 'Where to connect: the database with the extension `pg_stat_statements`. All databases are shown.',
    }),
    tls: booleanSetting({
      default: 'false',
      sentence: 'Whether to speak TLS; `NODE_EXTRA_CA_CERTS` names authorities of your own.',
    }),
  },
  system: { 'db.system.name': 'postgresql' },
  server: ({ endpoint }) => endpoint,
  open(settings) {
    let session: Session | undefined;
    let sizes: { readonly atMs: number; readonly metrics: Metric[]; readonly gaps: readonly string[] } | undefined;
    return {
      scrape(signal) {
        session = session?.isOpen === true ? session : new Session(settings);
        const open = session;
        return withConnection(signal, { drop: () => open.close(), advice: (error) => adviceOf(error, settings) }, async () => {
          await open.ready();
          const [server = {}] = await open.rows(queries.server);
          const version = numberOf(server['version_num']) ?? 0;
          const gaps: string[] = [];
          const part = async (
            name: string,
            sql: string,
            read: (rows: readonly metrics.Row[]) => Metric[],
          ): Promise<Metric[]> => {
            try {
              return read(await open.rows(sql));
            } catch (error) {
              if (codeOf(error)?.length !== 5 || !open.isOpen) throw error;
              gaps.push(`no ${name}: ${adviceOf(error, settings).message}`);
              return [];
            }
          };
          if (server['reads_stats'] !== true) {
            gaps.push(`the role sees only its own sessions and statements: GRANT pg_monitor TO ${settings.username}`);
          }
          const others = gaps.splice(0);
          if (sizes === undefined || Date.now() - sizes.atMs >= sizesEveryMs) {
            const found = await part('sizes', queries.sizes, metrics.sizeMetrics);
            sizes = { atMs: Date.now(), metrics: found, gaps: gaps.splice(0) };
          }
          gaps.push(...others, ...sizes.gaps);
          const schema = server['statements_schema'];
          if (typeof schema !== 'string') {
            const where = `the database ${String(server['database'])}`;
            gaps.push(`no statements: ${where} has no extension pg_stat_statements (docs/middleware.md says how to get it)`);
          }
          const found = [
            ...metrics.serverMetrics(server),
            ...(await part('databases', queries.databases, metrics.databaseMetrics)),
            ...sizes.metrics,
            ...(await part('checkpoints', queries.writer(version), ([row = {}]) => metrics.writerMetrics(row))),
            ...(await part('locks', queries.locks, metrics.lockMetrics)),
            ...(await part('replication', queries.replicas, metrics.replicaMetrics)),
            ...(server['in_recovery'] === true
              ? await part('lag', queries.behind, ([row = {}]) => metrics.behindMetrics(row))
              : []),
            ...(server['reads_stats'] === true ? await part('sessions', queries.sessions, metrics.sessionMetrics) : []),
            ...(typeof schema === 'string'
              ? await part('statements', queries.statements(version, schema), metrics.statementMetrics)
              : []),
          ];
          const started = numberOf(server['started']);
          return {
            ...(started === undefined ? {} : { startTimeMs: Math.round(started * 1000) }),
            resource: {
              'postgresql.version': String(server['version']).split(' ', 1)[0] ?? '',
              'sonde.replication.role': server['in_recovery'] === true ? 'replica' : 'primary',
            },
            metrics: found,
            gaps,
          };
        });
      },
      async close() {
        session?.close();
      },
    };
  },
});

/** One connection, which reads only and never waits long for a lock. */
class Session {
  readonly #client: Client;
  #ready: Promise<unknown> | undefined;
  isOpen = true;

  constructor({ endpoint, username, password, database, tls }: Settings) {
    this.#client = new Client({
      host: endpoint.address,
      port: endpoint.port,
      user: username,
      password,
      database,
      ssl: tls,
      application_name: 'sonde-host-agent',
      statement_timeout: 10_000,
      lock_timeout: 1000,
    });
    this.#client.on('error', () => (this.isOpen = false));
    this.#client.on('end', () => (this.isOpen = false));
  }

  ready(): Promise<unknown> {
    this.#ready ??= this.#client.connect().then(() => this.#client.query('SET default_transaction_read_only = on'));
    return this.#ready;
  }

  async rows(sql: string): Promise<readonly metrics.Row[]> {
    const { rows } = await this.#client.query<Record<string, unknown>>(sql);
    return rows;
  }

  close(): void {
    this.isOpen = false;
    this.#client.end().catch(() => undefined);
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** What to do about the codes of PostgreSQL ("Appendix A"); others stay as they are. */
function adviceOf(error: unknown, { username, database }: Settings): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const forbidden = (sentence: string) => new ScrapeError('forbidden', sentence, { cause: error });
  switch (codeOf(error)) {
    case '28P01':
      return forbidden('PostgreSQL refuses the user or the password: correct `username` and `password`');
    case '28000':
      return forbidden(`PostgreSQL refuses (${error.message}): correct \`username\`, or let it in with a line in pg_hba.conf`);
    case '3D000':
      return forbidden(`there is no database ${database}: correct \`database\``);
    case '42501':
      return forbidden(`the role lacks a privilege (${error.message}): GRANT pg_monitor TO ${username}`);
    case '53300':
      return new ScrapeError('unreachable', 'PostgreSQL has no connection left: all of max_connections are taken', {
        cause: error,
      });
    case '57P03':
      return new ScrapeError('unreachable', `PostgreSQL takes no connections yet: ${error.message}`, { cause: error });
    case '57P01':
      return new ScrapeError('unreachable', 'PostgreSQL was stopped', { cause: error });
    case '55000':
      return new ScrapeError('unexpected', `${error.message} (restart PostgreSQL after a change of that setting)`, {
        cause: error,
      });
    default:
  }
  if (/password must be a string|SASL/.test(error.message)) return forbidden('PostgreSQL asks for a password: set `password`');
  if (/does not support SSL/.test(error.message)) return forbidden('PostgreSQL does not speak TLS there: `tls: false`');
  if (/terminated unexpectedly|Client was closed|not queryable/.test(error.message)) {
    return Object.assign(new Error(error.message, { cause: error }), { code: 'ECONNRESET' });
  }
  return error;
}
