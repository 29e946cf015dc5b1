import { ScrapeError } from '../failure.ts';
import { httpGet } from '../http.ts';
import { numberOf } from '../metric-table.ts';
import { receiverKind } from '../receiver.ts';
import { hostPortOf, textSetting, urlSetting } from '../settings.ts';
import { type Json, nodeMetrics, objectIn, queueMetrics, serverMetrics } from './answers.ts';

const answerBytesMax = 16 * 2 ** 20;
const queueColumns = 'name,vhost,consumers,messages_ready,messages_unacknowledged,message_bytes,message_stats';

export const rabbitmq = receiverKind({
  kind: 'rabbitmq',
  settings: {
    endpoint: urlSetting({ default: undefined, sentence: 'The management API; its usual port is 15672.' }),
    username: textSetting({ default: undefined, sentence: 'A user with the tag `monitoring`.' }),
    password: textSetting({ default: undefined, sentence: 'Of that user.', secret: true }),
  },
  system: { 'messaging.system': 'rabbitmq' },
  server: ({ endpoint }) => hostPortOf(endpoint),
  open({ endpoint, username, password }) {
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const base = endpoint.href.replace(/\/?$/, '/api/');
    return {
      async scrape(signal) {
        const ask = (path: string): Promise<unknown> => answerOf(new URL(base + path), authorization, username, signal);
        const overview = objectIn({ overview: await ask('overview') }, 'overview');
        const queues = objectsOf(await ask(`queues?columns=${queueColumns}`));
        const gaps: string[] = [];
        const nodes = await ask('nodes').then(objectsOf, (error: unknown) => {
          if (!(error instanceof ScrapeError) || error.kind !== 'forbidden') throw error;
          gaps.push(`no nodes: ${error.message}`);
          return [];
        });
        const hidden = (numberOf(objectIn(overview, 'object_totals')['queues']) ?? 0) - queues.length;
        // A user may see its virtual hosts only. One or two may have come or gone between the two answers.
        if (hidden > 0 && (queues.length === 0 || hidden > 2)) {
          gaps.push(
            `queues of virtual hosts that the user may not see are left out: rabbitmqctl set_permissions -p <vhost> ${username} '^$' '^$' '^$'`,
          );
        }
        const uptimeMs = numberOf(nodes.find(({ name }) => name === overview['node'])?.['uptime']);
        return {
          ...(uptimeMs === undefined ? {} : { startTimeMs: Date.now() - uptimeMs }),
          resource: {
            'rabbitmq.version': String(overview['rabbitmq_version']),
            'rabbitmq.cluster.name': String(overview['cluster_name']),
          },
          metrics: [...serverMetrics(overview), ...queueMetrics(queues), ...nodeMetrics(nodes)],
          gaps,
        };
      },
      async close() {},
    };
  },
});

async function answerOf(url: URL, authorization: string, username: string, signal: AbortSignal): Promise<unknown> {
  const { status, text } = await httpGet(url, { headers: { authorization }, signal, bytesMax: answerBytesMax });
  if (status === 401 || status === 403) throw new ScrapeError('forbidden', adviceOf(text, username));
  if (status === 200 && /^\s*[[{]/.test(text)) return JSON.parse(text) as unknown;
  throw new ScrapeError(
    'unexpected',
    `${url.origin} (status ${status}) is not RabbitMQ's management API: rabbitmq-plugins enable rabbitmq_management`,
  );
}

function adviceOf(text: string, username: string): string {
  if (/Not (?:management|monitor) user/.test(text))
    return `the user lacks a tag: rabbitmqctl set_user_tags ${username} monitoring`;
  return text.includes('loopback')
    ? `RabbitMQ lets ${username} in from its own machine only: make a user for this one`
    : 'RabbitMQ refuses the user or the password: correct `username` and `password`';
}

function objectsOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter((one): one is Json => typeof one === 'object' && one !== null) : [];
}
