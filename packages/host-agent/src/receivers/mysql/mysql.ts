import { type Connection, createConnection } from 'mysql2/promise';
import { type Metric } from '../../metric.ts';
import { ScrapeError } from '../failure.ts';
import { numberOf } from '../metric-table.ts';
import { receiverKind } from '../receiver.ts';
import { booleanSetting, type HostPort, hostPortSetting, textSetting } from '../settings.ts';
import { withConnection } from '../with-connection.ts';
import { replicaMetrics, type Status, statementMetrics, statusMetrics, statusOf } from './status.ts';

const connectTimeoutMs = 10_000;

const statements = `SELECT schema_name AS schema_name, digest AS digest, left(digest_text, 4096) AS digest_text,
  count_star AS count_star, sum_timer_wait AS sum_timer_wait, sum_errors AS sum_errors, sum_warnings AS sum_warnings,
  sum_rows_affected AS sum_rows_affected, sum_rows_sent AS sum_rows_sent, sum_rows_examined AS sum_rows_examined,
  sum_created_tmp_disk_tables AS sum_created_tmp_disk_tables, sum_created_tmp_tables AS sum_created_tmp_tables,
  sum_no_index_used AS sum_no_index_used
  FROM performance_schema.events_statements_summary_by_digest
  WHERE digest IS NOT NULL ORDER BY sum_timer_wait DESC LIMIT 50`;

interface Settings {
  readonly endpoint: HostPort;
  readonly username: string;
  readonly password: string;
  readonly tls: boolean;
}

/** Of six hundred that there are. */
const variablesQuery =
  "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('version', 'performance_schema', 'max_connections', 'innodb_buffer_pool_size')";

export const mysql = receiverKind({
  kind: 'mysql',
  settings: {
    endpoint: hostPortSetting({ default: undefined, sentence: 'A server of MySQL or MariaDB.' }, 3306),
    username: textSetting({ default: undefined, sentence: 'A user with the privileges below.' }),
    password: textSetting({ default: '', sentence: 'Empty means that none is asked for.', secret: true }),
    tls: booleanSetting({
      default: 'false',
      sentence: 'Whether to speak TLS; `NODE_EXTRA_CA_CERTS` names authorities of your own.',
    }),
  },
  system: { 'db.system.name': 'mysql' },
  server: ({ endpoint }) => endpoint,
  open(settings) {
    let connection: Connection | undefined;
    const drop = (): void => {
      connection?.destroy();
      connection = undefined;
    };
    return {
      scrape: (signal) =>
        withConnection(signal, { drop, advice: (error) => adviceOf(error, settings) }, async () => {
          connection ??= await connect(settings);
          if (signal.aborted) throw signal.reason as Error;
          const open = connection;
          const gaps: string[] = [];
          const part = async (name: string, sql: string, read: (rows: readonly Status[]) => Metric[]): Promise<Metric[]> => {
            try {
              return read(await rowsOf(open, sql));
            } catch (error) {
              if (!isRefusal(error)) throw error;
              gaps.push(`no ${name}: ${adviceOf(error, settings).message}`);
              return [];
            }
          };
          const variables = statusOf(await rowsOf(open, variablesQuery));
          const status = statusOf(await rowsOf(open, 'SHOW GLOBAL STATUS'));
          const version = String(variables['version']);
          if (variables['performance_schema'] !== 'ON')
            gaps.push('no statements: the server runs without `performance_schema=ON`, a setting of its start');
          const uptimeSeconds = numberOf(status['uptime']);
          return {
            ...(uptimeSeconds === undefined ? {} : { startTimeMs: Date.now() - uptimeSeconds * 1000 }),
            resource: {
              'mysql.version': version,
              // What clients' spans say where they know.
              ...(version.includes('MariaDB') ? { 'db.system.name': 'mariadb' } : {}),
            },
            metrics: [
              ...statusMetrics({ ...variables, ...status }),
              ...(variables['performance_schema'] === 'ON' ? await part('statements', statements, statementMetrics) : []),
              ...(await part('replication', replicaQuery(version), replicaMetrics)),
            ],
            gaps,
          };
        }),
      async close() {
        drop();
      },
    };
  },
});

async function connect({ endpoint, username, password, tls }: Settings): Promise<Connection> {
  const connection = await createConnection({
    host: endpoint.address,
    port: endpoint.port,
    user: username,
    password,
    connectTimeout: connectTimeoutMs,
    connectAttributes: { program_name: 'sonde-host-agent' },
    supportBigNumbers: true,
    bigNumberStrings: true,
    ...(tls ? { ssl: {} } : {}),
  });
  // The next query fails with it.
  connection.on('error', () => undefined);
  return connection;
}

/** MySQL 8.0.22 has the new words, and 8.4 no longer the old ones; MariaDB has the old ones. */
function replicaQuery(version: string): string {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/, 3).map(Number);
  if (version.includes('MariaDB')) return 'SHOW ALL SLAVES STATUS';
  const isNew = major > 8 || (major === 8 && (minor > 0 || patch >= 22));
  return isNew ? 'SHOW REPLICA STATUS' : 'SHOW SLAVE STATUS';
}

async function rowsOf(connection: Connection, sql: string): Promise<readonly Status[]> {
  const [rows] = await connection.query(sql);
  return Array.isArray(rows) ? (rows as readonly Status[]) : [];
}

const forbiddenCodes = [
  'ER_SPECIFIC_ACCESS_DENIED_ERROR',
  'ER_TABLEACCESS_DENIED_ERROR',
  'ER_DBACCESS_DENIED_ERROR',
  'ER_COLUMNACCESS_DENIED_ERROR',
];

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function isRefusal(error: unknown): boolean {
  return forbiddenCodes.includes(codeOf(error));
}

function adviceOf(error: unknown, { username }: Settings): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const code = codeOf(error);
  const failure = (kind: 'forbidden' | 'unreachable', sentence: string) => new ScrapeError(kind, sentence, { cause: error });
  if (code === 'ER_ACCESS_DENIED_ERROR' || code === 'ER_ACCESS_DENIED_NO_PASSWORD_ERROR') {
    return failure('forbidden', 'the server refuses the user or the password: correct `username` and `password`');
  }
  if (code === 'ER_HOST_NOT_PRIVILEGED' || code === 'ER_HOST_IS_BLOCKED') {
    return failure('forbidden', `the server takes nobody from this machine (${code}): create the user for its address`);
  }
  if (isRefusal(error)) {
    const needed = /\bprivilege\(s\)/.test(error.message)
      ? (/need \(at least one of\) the (.+) privilege/.exec(error.message)?.[1] ?? '')
      : '';
    const grant = needed === '' ? 'SELECT ON performance_schema.*' : `${needed.split(', ').at(-1) ?? needed} ON *.*`;
    return failure('forbidden', `the user lacks a privilege: GRANT ${grant} TO ${username}`);
  }
  if (code === 'ER_CON_COUNT_ERROR' || code === 'ER_TOO_MANY_USER_CONNECTIONS') {
    return failure('unreachable', 'the server has no connection left: all of max_connections are taken');
  }
  if (code === 'PROTOCOL_CONNECTION_LOST')
    return Object.assign(new Error(error.message, { cause: error }), { code: 'ECONNRESET' });
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT') return failure('forbidden', 'the server does not speak TLS: `tls: false`');
  return error;
}
