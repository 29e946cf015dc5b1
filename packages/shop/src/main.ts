/**
 * The shop as a command, for the demo:
 *
 *   node packages/shop/dist/main.js [--rate 10] [--seed 1] [--duration <seconds>] [--gateway-port 0] [--control-port 4330]
 *                                   [--log-dir <folder>] [--no-agent]
 *
 * OTEL_EXPORTER_OTLP_ENDPOINT, DATABASE_URL, REDIS_URL and AMQP_URL are respected. Says in one JSON line when it is ready.
 */
import { parseArgs } from 'node:util';
import { startShop } from './shop.ts';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    duration: { type: 'string' },
    'gateway-port': { type: 'string', default: '0' },
    'control-port': { type: 'string', default: '4330' },
    'log-dir': { type: 'string' },
    'no-agent': { type: 'boolean', default: false },
  },
});

function number(option: 'rate' | 'seed' | 'duration' | 'gateway-port' | 'control-port'): number {
  const value = Number(values[option]);
  if (!Number.isFinite(value) || value < 0) throw new Error(`--${option} must be a number, not '${values[option]}'`);
  return value;
}

const shop = await startShop({
  otlpEndpoint: process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? 'http://127.0.0.1:4318',
  rate: number('rate'),
  seed: number('seed'),
  gatewayPort: number('gateway-port'),
  controlPort: number('control-port'),
  databaseUrl: process.env['DATABASE_URL'],
  redisUrl: process.env['REDIS_URL'],
  amqpUrl: process.env['AMQP_URL'],
  logDir: values['log-dir'],
  ...(values['no-agent'] && { agentRegister: null }),
});
console.log(JSON.stringify({ msg: 'ready', gateway: shop.gatewayUrl, control: shop.controlUrl }));

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await shop.stop();
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());
if (values.duration !== undefined) setTimeout(() => void stop(), number('duration') * 1000);
