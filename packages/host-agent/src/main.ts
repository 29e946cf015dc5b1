#!/usr/bin/env node
import { type Config, readConfig } from './config.ts';
import { toOtlpJson } from './otlp-json.ts';
import { Outbox } from './outbox.ts';
import { post } from './post.ts';
import { readResource } from './resource.ts';
import { scrape } from './scrape.ts';
import { toText } from './text.ts';

/** Five minutes of an outage at the default interval: some 300 kB. */
const scrapesMax = 30;
const lastRequestTimeoutMs = 1500;

function say(msg: string, fields: Readonly<Record<string, unknown>> = {}): void {
  process.stdout.write(`${JSON.stringify({ level: 30, time: Date.now(), msg, ...fields })}\n`);
}

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const resource = await readResource(config.resourceAttributes);
  if (process.argv.includes('--once')) {
    process.stdout.write(toText(resource, (await scrape()).metrics));
    return;
  }
  run(config, resource);
}

function run(config: Config, resource: Readonly<Record<string, string>>): void {
  const intervalMs = config.intervalSeconds * 1000;
  let timeoutMs = Math.min(intervalMs, 10_000);
  const outbox = new Outbox({ send: (body) => post(config, timeoutMs, body), scrapesMax, report: say });
  const tick = async (): Promise<void> => outbox.put(JSON.stringify(toOtlpJson(resource, await scrape())));
  const guarded = (): Promise<void> => tick().catch((error: unknown) => say(`scrape failed: ${String(error)}`));

  const timer = setInterval(() => void guarded(), intervalMs);
  const end = async (): Promise<void> => {
    clearInterval(timer);
    timeoutMs = lastRequestTimeoutMs;
    // What hangs is not waited for.
    setTimeout(() => process.exit(0), lastRequestTimeoutMs).unref();
    await guarded();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void end());
  void guarded();
  say('ready', { endpoint: config.endpoint.href, host: resource['host.name'] });
}

main().catch((error: unknown) => {
  process.stderr.write(`sonde-host-agent: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
