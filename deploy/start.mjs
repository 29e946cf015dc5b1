/**
 * `npm start`: the platform on this machine, from a fresh clone. `npm run demo`: the same, plus the sample shop under load.
 * Sets up what is missing, starts the collector, then what feeds it, says where to look, and ends them all together.
 */
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Children } from './children.mjs';
import { root, setUp } from './setup.mjs';

const demo = process.argv.includes('--demo');
const dataDir = process.env.SONDE_DATA_DIR ?? join(root, 'data');

setUp();

const children = new Children();
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void children.stop(0));

const collector = children.start('collector', ['collector/bundle/main.js'], { SONDE_DATA_DIR: dataDir });
const { api, otlpGrpc, otlpHttp } = await collector.ready;
const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: otlpHttp };

children.start('host-agent', ['packages/host-agent/dist/main.js'], endpoint);

console.log(`
Sonde is running.

  Dashboard   ${api}
  OTLP/HTTP   ${otlpHttp}
  OTLP/gRPC   ${otlpGrpc}
  Data        ${dataDir}

Instrument a Node.js service (nothing in its code changes):

  npm install ${join(root, 'packages/agent')}
  OTEL_SERVICE_NAME=my-service ${otlpHttp.endsWith(':4318') ? '' : `OTEL_EXPORTER_OTLP_ENDPOINT=${otlpHttp} `}node --import @sonde/agent/register app.js
`);

if (demo) {
  // The shop pretends to run on two hosts; both are this machine, so each of the two names gets this machine's figures.
  for (const host of ['shop-a', 'shop-b']) {
    children.start(`host-agent ${host}`, ['packages/host-agent/dist/main.js'], {
      ...endpoint,
      OTEL_RESOURCE_ATTRIBUTES: `host.name=${host}`,
      // Middleware is asked once, by the agent above.
      SONDE_HOST_AGENT_CONFIG: '',
    });
  }
  const shop = children.start('shop', ['packages/shop/dist/main.js'], endpoint);
  const { gateway, control } = await shop.ready;
  console.log(`The sample shop is under load; its hosts shop-a and shop-b are both this machine (${hostname()}).

  Shop        ${gateway}
  Switches    ${control}   (a slow statement, a busy instance, failing payments, GC pressure, a queue that backs up)

Press Ctrl-C to end everything.
`);
}
