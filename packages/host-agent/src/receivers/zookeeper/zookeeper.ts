import { connect } from 'node:net';
import { ScrapeError } from '../failure.ts';
import { numberOf } from '../metric-table.ts';
import { receiverKind } from '../receiver.ts';
import { type HostPort, hostPortSetting } from '../settings.ts';
import { mntrMetrics, parseMntr } from './mntr.ts';

const answerBytesMax = 2 ** 20;

export const zookeeper = receiverKind({
  kind: 'zookeeper',
  settings: {
    endpoint: hostPortSetting({ default: undefined, sentence: 'The port for clients, which answers `mntr`.' }, 2181),
  },
  system: {},
  server: ({ endpoint }) => endpoint,
  open: ({ endpoint }) => ({
    async scrape(signal) {
      const text = await ask(endpoint, 'mntr', signal);
      const mntr = parseMntr(text);
      if (mntr === undefined) throw refusal(text);
      const uptimeMs = numberOf(mntr.get('zk_uptime'));
      return {
        ...(uptimeMs === undefined ? {} : { startTimeMs: Date.now() - uptimeMs }),
        resource: {
          'zk.version': /^[\d.]+/.exec(mntr.get('zk_version') ?? '')?.[0] ?? '',
          'server.state': mntr.get('zk_server_state') ?? '',
        },
        metrics: mntrMetrics(mntr),
      };
    },
    async close() {},
  }),
});

/** A four-letter word; ZooKeeper answers and closes the connection. */
function ask({ address, port }: HostPort, word: string, signal: AbortSignal): Promise<string> {
  return new Promise((done, failed) => {
    const socket = connect({ host: address, port });
    const abort = (): void => void socket.destroy(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    const chunks: Buffer[] = [];
    let bytes = 0;
    socket.on('connect', () => socket.write(word));
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > answerBytesMax)
        socket.destroy(new ScrapeError('unexpected', `answers more than ${answerBytesMax} bytes to ${word}`));
    });
    socket.on('error', failed);
    socket.on('close', () => {
      signal.removeEventListener('abort', abort);
      done(Buffer.concat(chunks).toString('utf8'));
    });
  });
}

function refusal(text: string): ScrapeError {
  if (text.includes('not in the whitelist')) {
    return new ScrapeError('forbidden', 'ZooKeeper does not allow `mntr`: 4lw.commands.whitelist=mntr in zoo.cfg');
  }
  if (text.includes('not currently serving')) {
    return new ScrapeError('unreachable', 'ZooKeeper does not serve: it starts, or has no quorum');
  }
  return new ScrapeError('unexpected', 'what listens there does not answer `mntr` as ZooKeeper does: correct `endpoint`');
}
