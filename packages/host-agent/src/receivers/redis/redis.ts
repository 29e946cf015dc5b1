import { type LogRecord } from '../../record.ts';
import { type Metric } from '../../metric.ts';
import { ScrapeError } from '../failure.ts';
import { receiverKind } from '../receiver.ts';
import { booleanSetting, type HostPort, hostPortSetting, textSetting } from '../settings.ts';
import { Connection } from './connection.ts';
import { infoMetrics, parseInfo } from './info.ts';
import { type Reply, ReplyError } from './resp.ts';
import { SlowLog } from './slow-log.ts';

const slowEntriesMax = '64';

export const redis = receiverKind({
  kind: 'redis',
  settings: {
    endpoint: hostPortSetting({ default: undefined, sentence: 'The server.' }, 6379),
    username: textSetting({ default: '', sentence: 'Of the ACL; empty means the default user.' }),
    password: textSetting({ default: '', sentence: 'Empty means that none is asked for.', secret: true }),
    tls: booleanSetting({
      default: 'false',
      sentence: 'Whether the server speaks TLS; `NODE_EXTRA_CA_CERTS` names authorities of your own.',
    }),
  },
  system: { 'db.system.name': 'redis' },
  server: ({ endpoint }) => endpoint,
  open(settings, { logs }) {
    const slowLog = new SlowLog();
    let connection: Connection | undefined;
    return {
      async scrape(signal) {
        connection = connection?.isOpen === true ? connection : await connect(settings, signal);
        const open = connection;
        const abort = (): void => open.close(signal.reason as Error);
        signal.addEventListener('abort', abort, { once: true });
        try {
          const [info, slow, latency] = await Promise.all([
            open.command('INFO', 'all'),
            open.command('SLOWLOG', 'GET', slowEntriesMax),
            open.command('LATENCY', 'LATEST'),
          ]);
          const values = parseInfo(textOf(info));
          slowLog.serverIs(values.get('run_id') ?? '');
          const gaps: string[] = [];
          const optional = (
            reply: Reply,
            acl: string,
            read: (reply: Reply) => { readonly records: LogRecord[]; readonly metrics: Metric[] },
          ): Metric[] => {
            if (reply instanceof ReplyError) {
              gaps.push(`no ${acl}: ${advice(reply.message, acl)}`);
              return [];
            }
            const { records, metrics } = read(reply);
            if (records.length > 0) logs(records);
            return metrics;
          };
          const metrics = [
            ...infoMetrics(values),
            ...optional(slow, 'slowlog|get', (reply) => slowLog.commands(reply)),
            ...optional(latency, 'latency|latest', (reply) => slowLog.latency(reply)),
          ];
          const version = values.get('redis_version');
          const uptimeSeconds = Number(values.get('uptime_in_seconds'));
          return {
            ...(version === undefined ? {} : { resource: { 'redis.version': version } }),
            ...(Number.isFinite(uptimeSeconds) ? { startTimeMs: Date.now() - uptimeSeconds * 1000 } : {}),
            metrics,
            gaps,
          };
        } finally {
          signal.removeEventListener('abort', abort);
        }
      },
      async close() {
        connection?.close();
      },
    };
  },
});

async function connect(
  { endpoint, username, password, tls }: { endpoint: HostPort; username: string; password: string; tls: boolean },
  signal: AbortSignal,
): Promise<Connection> {
  const connection = await Connection.open(endpoint, tls, signal);
  if (password === '') return connection;
  const abort = (): void => connection.close(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  try {
    textOf(await connection.command('AUTH', ...(username === '' ? [password] : [username, password])));
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** The text of a reply that is nothing else; an error says what to do. */
function textOf(reply: Reply): string {
  if (reply instanceof ReplyError)
    throw new ScrapeError(isForbidden(reply.message) ? 'forbidden' : 'unexpected', advice(reply.message, 'info'));
  return typeof reply === 'string' ? reply : '';
}

function isForbidden(message: string): boolean {
  return /^(?:NOAUTH|WRONGPASS|NOPERM|DENIED)\b|without any password|invalid password/.test(message);
}

function advice(message: string, acl: string): string {
  if (message.startsWith('NOAUTH')) return 'Redis asks for a password: set `password`, and `username` where there are ACLs';
  if (/^WRONGPASS|invalid password/.test(message))
    return 'Redis refuses the user or the password: correct `username` and `password`';
  if (message.includes('without any password'))
    return 'Redis has no password for the default user: remove `password`, or set `username`';
  if (message.startsWith('NOPERM')) return `the user lacks a privilege: ACL SETUSER <username> +${acl}`;
  if (message.startsWith('DENIED'))
    return 'Redis is in protected mode and takes only local clients: give it a password, or ask it from its machine';
  if (message.startsWith('LOADING')) return 'Redis loads its data from disk and answers when it is done';
  return `Redis answers: ${message.slice(0, 200)}`;
}
