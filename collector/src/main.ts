import './v8-flags.ts';
import { fileURLToPath } from 'node:url';
import type { Report } from '@sonde/store';
import { pino } from 'pino';
import { type Collector, startCollector } from './collector.ts';
import { type Config, readConfig } from './config.ts';

/** The process: reads the settings, starts the collector, says where it listens, and ends it when it is told to. */

/** Data that was not loaded by then stays in the spool, so ending is always safe. */
const stopWithinMs = 9_500;

const config = readSettings();
const log = pino({ level: config.logLevel, base: null }, pino.destination({ sync: true }));
const report: Report = (level, message, details) => log[level](details, message);

process.on('uncaughtException', (error) => {
  log.fatal({ err: error }, 'the collector ends because of a fault in it');
  process.exit(1);
});

const collector = await start();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(signal));
// Whoever started this process waits for this line: it is printed at every log level.
process.stdout.write(`${JSON.stringify({ level: 30, time: Date.now(), msg: 'ready', ...collector.addresses })}\n`);
if (process.env['UV_THREADPOOL_SIZE'] === undefined) {
  report('warn', 'UV_THREADPOOL_SIZE is not set: the database and the spool share four threads; 16 is a good value', {});
}

function readSettings(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    return giveUp(error);
  }
}

async function start(): Promise<Collector> {
  try {
    const dashboardDirectory = fileURLToPath(new URL('../../ui/dist', import.meta.url));
    return await startCollector(config, dashboardDirectory, report);
  } catch (error) {
    return giveUp(error);
  }
}

async function stop(signal: string): Promise<void> {
  report('info', 'stopping', { signal });
  setTimeout(() => {
    report('warn', 'stopped before everything was loaded: the rest waits in the spool', {});
    process.exit(0);
  }, stopWithinMs);
  await collector.stop();
  process.exit(0);
}

function giveUp(error: unknown): never {
  console.error(`sonde: cannot start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
