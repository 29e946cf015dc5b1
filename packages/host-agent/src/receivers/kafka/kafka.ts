// `import type`: with `{ type Admin }` the emitted file would load it.
import type { Admin, SASLOptions } from 'kafkajs';
import { ScrapeError } from '../failure.ts';
import { receiverKind } from '../receiver.ts';
import { booleanSetting, choiceSetting, type HostPort, hostPortSetting, textSetting } from '../settings.ts';
import { askCluster } from './cluster.ts';
import { clusterMetrics, type ClusterState } from './metrics.ts';
import { lagMs, type OffsetHistory, withSighting } from './offset-history.ts';
import { lookOnlyWhileRequestsWait } from './request-queue.ts';

const requestTimeoutMs = 10_000;
const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

interface Settings {
  readonly endpoint: HostPort;
  readonly username: string;
  readonly password: string;
  readonly mechanism: (typeof mechanisms)[number];
  readonly tls: boolean;
}

export const kafka = receiverKind({
  kind: 'kafka',
  settings: {
    endpoint: hostPortSetting({ default: undefined, sentence: 'A broker; it tells of the others.' }, 9092),
    username: textSetting({ default: '', sentence: 'Empty where none is asked for.' }),
    password: textSetting({ default: '', sentence: 'Of that user.', secret: true }),
    mechanism: choiceSetting({ default: 'scram-sha-512', sentence: 'Of SASL, where there is a user.' }, mechanisms),
    tls: booleanSetting({
      default: 'false',
      sentence: 'Whether the brokers speak TLS; `NODE_EXTRA_CA_CERTS` names authorities of your own.',
    }),
  },
  // Two requests for each topic, and seven points for each partition.
  intervalSeconds: 30,
  system: { 'messaging.system': 'kafka' },
  server: ({ endpoint }) => endpoint,
  open(settings) {
    let admin: Admin | undefined;
    let histories: ReadonlyMap<string, OffsetHistory> = new Map();
    const drop = (): void => {
      admin?.disconnect().catch(() => undefined);
      admin = undefined;
    };
    return {
      // Not ended by the signal: the first time the client asks for each topic by itself, which may take longer, and must not begin anew
      // then. Each of its requests has an end of its own.
      async scrape() {
        try {
          admin ??= await connect(settings);
          const { state, failed } = await askCluster(admin);
          const nowMs = Date.now();
          histories = seen(histories, state, nowMs);
          const metrics = clusterMetrics(state, (topic, partition, offset) =>
            lagMs(histories.get(`${topic}/${partition}`) ?? [], offset, nowMs),
          );
          // The client goes on asking for a topic that is gone.
          if (failed.length > 0) drop();
          return { metrics, gaps: failed.map(({ part, error }) => `no ${part}: ${adviceOf(error, settings).message}`) };
        } catch (error) {
          drop();
          throw adviceOf(error, settings);
        }
      },
      async close() {
        await admin?.disconnect();
      },
    };
  },
});

/** The client is loaded by those who configured it: it takes 14 MB. */
async function loadClient() {
  // It is CommonJS, of which not all names are seen.
  const { default: kafkajs } = await import('kafkajs');
  await lookOnlyWhileRequestsWait();
  return kafkajs;
}

let loaded: ReturnType<typeof loadClient> | undefined;

async function connect({ endpoint, username, password, mechanism, tls }: Settings): Promise<Admin> {
  const kafkajs = await (loaded ??= loadClient());
  const host = endpoint.address.includes(':') ? `[${endpoint.address}]` : endpoint.address;
  const client = new kafkajs.Kafka({
    clientId: 'sonde-host-agent',
    brokers: [`${host}:${endpoint.port}`],
    ...(username === '' ? {} : { sasl: { mechanism, username, password } as SASLOptions }),
    ssl: tls,
    connectionTimeout: requestTimeoutMs,
    authenticationTimeout: requestTimeoutMs,
    requestTimeout: requestTimeoutMs,
    retry: { retries: 0 },
    // What it would write is not the agent's own log; what goes wrong, it throws too.
    logLevel: kafkajs.logLevel.NOTHING,
  });
  const admin = client.admin();
  try {
    await admin.connect();
    return admin;
  } catch (error) {
    admin.disconnect().catch(() => undefined);
    throw error;
  }
}

/** A partition that is no longer there is forgotten; one whose end could not be had now is kept. */
function seen(
  before: ReadonlyMap<string, OffsetHistory>,
  { topics }: ClusterState,
  nowMs: number,
): ReadonlyMap<string, OffsetHistory> {
  const pairs = topics.flatMap(({ name, partitions }) =>
    partitions.map(({ id, end }): [string, OffsetHistory] => {
      const key = `${name}/${id}`;
      const history = before.get(key) ?? [];
      return [key, end === undefined ? history : withSighting(history, nowMs, end)];
    }),
  );
  return new Map(pairs);
}

function adviceOf(error: unknown, { username, mechanism }: Settings): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const failure = (kind: 'forbidden' | 'unexpected' | 'unreachable', sentence: string) =>
    new ScrapeError(kind, sentence, { cause: error });
  const chain = [...causesOf(error)];
  const type = chain.map((one) => ('type' in one ? String(one.type) : '')).find((one) => one !== '') ?? '';
  if (chain.some(({ name }) => name === 'KafkaJSSASLAuthenticationError') || type === 'SASL_AUTHENTICATION_FAILED') {
    return failure(
      'forbidden',
      `Kafka refuses the user, the password or ${mechanism}: correct \`username\`, \`password\` and \`mechanism\``,
    );
  }
  const acl = `kafka-acls.sh --add --allow-principal User:${username} --operation Describe --topic '*' --group '*' --cluster`;
  if (type.endsWith('_AUTHORIZATION_FAILED')) return failure('forbidden', `the user lacks a right (${type}): ${acl}`);
  // The client does not say which of the two it is.
  if (chain.some(({ name }) => name === 'KafkaJSGroupCoordinatorNotFound')) {
    return failure('forbidden', `a group has no coordinator now, or the user lacks the right to ask for it: ${acl}`);
  }
  if (/LEADER_NOT_AVAILABLE|UNKNOWN_TOPIC_OR_PARTITION/.test(type)) {
    return failure('unreachable', `Kafka answers ${type}: a topic or a partition has no leader now`);
  }
  if (chain.some(({ name }) => name === 'KafkaJSConnectionClosedError')) {
    return Object.assign(new Error(error.message, { cause: error }), { code: 'ECONNRESET' });
  }
  return error;
}

function* causesOf(error: Error): Generator<Error> {
  for (let at: unknown = error; at instanceof Error; at = at.cause) yield at;
}
