#!/usr/bin/env node
import './v8-flags.ts';
import { type Attributes } from './attributes.ts';
import { type Config, readConfig } from './config.ts';
import { Exporter } from './exporter.ts';
import { type ResourceMetrics } from './metric.ts';
import { type ConfiguredReceiver, readReceivers } from './receivers/config-file.ts';
import { Runner } from './receivers/runner.ts';
import { identityOf, readResource } from './resource.ts';
import { Host } from './scrape.ts';
import { toText } from './text.ts';

const timeoutMaxMs = 10_000;
const lastRequestTimeoutMs = 1500;

function say(msg: string, fields: Readonly<Record<string, unknown>> = {}): void {
  process.stdout.write(`${JSON.stringify({ level: 30, time: Date.now(), msg, ...fields })}\n`);
}

/** What somebody should look at: `npm start` shows it. */
function warn(msg: string): void {
  say(msg, { level: 40 });
}

/** What is asked by itself. */
interface Subject {
  readonly intervalSeconds: number;
  readonly scrape: () => Promise<readonly ResourceMetrics[]>;
}

function timeoutOf(intervalSeconds: number): number {
  return Math.min(intervalSeconds * 1000, timeoutMaxMs);
}

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const configured = await readReceivers(config.configFile, process.env);
  const resource = await readResource(config.resourceAttributes);
  if (process.argv.includes('--once')) await once(config, configured, resource);
  else run(config, configured, resource);
}

/** One scrape of everything, for a person to read. */
async function once(config: Config, configured: readonly ConfiguredReceiver[], resource: Attributes): Promise<void> {
  const host = new Host(resource, config.processes);
  for (const group of await host.scrape()) process.stdout.write(toText(group));
  for (const one of configured) {
    const runner = new Runner({
      configured: one,
      host: identityOf(resource),
      timeoutMs: timeoutMaxMs,
      report: (message) => process.stderr.write(`${message}\n`),
      logs: () => undefined,
      spans: () => undefined,
    });
    process.stdout.write(toText(await runner.scrape()));
    await runner.close();
  }
}

function run(config: Config, configured: readonly ConfiguredReceiver[], resource: Attributes): void {
  const exporter = new Exporter(config, timeoutOf(config.intervalSeconds), 1 + configured.length, warn);
  const host = new Host(resource, config.processes);
  const logged = (sending: Promise<void>): void => {
    sending.catch((error: unknown) => warn(`not sent: ${String(error)}`));
  };
  const runners = configured.map((one) => {
    const intervalSeconds = one.intervalSeconds ?? Math.max(config.intervalSeconds, one.kind.intervalSeconds ?? 0);
    const runner = new Runner({
      configured: one,
      host: identityOf(resource),
      timeoutMs: timeoutOf(intervalSeconds),
      report: warn,
      logs: (of, records) => logged(exporter.logs(of, records)),
      spans: (of, spans) => logged(exporter.spans(of, spans)),
    });
    return { runner, intervalSeconds };
  });

  // Each by itself: who is slow to answer holds up nobody else.
  const subjects: readonly Subject[] = [
    { intervalSeconds: config.intervalSeconds, scrape: () => host.scrape() },
    ...runners.map(({ runner, intervalSeconds }) => ({ intervalSeconds, scrape: async () => [await runner.scrape()] })),
  ];
  const tick = async ({ scrape }: Subject): Promise<void> =>
    scrape()
      .then((groups) => exporter.metrics(groups))
      .catch((error: unknown) => warn(`scrape failed: ${String(error)}`));
  const tickAll = (): Promise<unknown> => Promise.all(subjects.map((subject) => tick(subject)));

  const timers = subjects.map((subject) => setInterval(() => void tick(subject), subject.intervalSeconds * 1000));
  const end = async (): Promise<void> => {
    for (const timer of timers) clearInterval(timer);
    exporter.timeoutMs = lastRequestTimeoutMs;
    // What hangs is not waited for.
    setTimeout(() => process.exit(0), lastRequestTimeoutMs).unref();
    await tickAll();
    await Promise.all(runners.map(({ runner }) => runner.close()));
    await exporter.idle();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void end());
  void tickAll();
  say('ready', { endpoint: config.endpoint.href, host: resource['host.name'], receivers: configured.map(({ id }) => id) });
}

main().catch((error: unknown) => {
  process.stderr.write(`sonde-host-agent: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
