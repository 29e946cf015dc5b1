import { type Metric, point } from '../../metric.ts';
import { type LogRecord } from '../../record.ts';
import { type Reply } from './resp.ts';

/**
 * SLOWLOG GET and LATENCY LATEST as log records: those that are new since the last time. What was there when the agent started is not
 * sent. Of a command only its name: its arguments are the application's.
 */
export class SlowLog {
  #runId: string | undefined;
  #lastId: number | undefined;
  readonly #latencySeconds = new Map<string, number>();
  #latencyKnown = false;

  /** Each start of a server has a run id of its own, and counts from 0 again. */
  serverIs(runId: string): void {
    if (this.#runId !== undefined && this.#runId !== runId) {
      this.#lastId = -1;
      this.#latencySeconds.clear();
    }
    this.#runId = runId;
  }

  /** Entries are `[id, time in s, duration in µs, [command, ...], client, its name]`, the newest first. */
  commands(reply: Reply): { readonly records: LogRecord[]; readonly metrics: Metric[] } {
    const entries = rowsOf(reply).flatMap(([id, timeSeconds, microseconds, words, client]) => {
      if (typeof id !== 'number' || typeof timeSeconds !== 'number' || typeof microseconds !== 'number') return [];
      const command = Array.isArray(words) && typeof words[0] === 'string' ? commandName(words[0]) : undefined;
      return [{ id, timeSeconds, seconds: microseconds / 1e6, command, client: typeof client === 'string' ? client : '' }];
    });
    const newest = entries[0]?.id;
    const last = this.#lastId;
    const fresh = last === undefined ? [] : entries.filter(({ id }) => id > last);
    // An empty list is one that was reset; the ids go on. At the first time it means that all to come is new.
    this.#lastId = newest ?? this.#lastId ?? -1;
    const records = fresh.toReversed().map(({ id, timeSeconds, seconds, command, client }): LogRecord => ({
      timeMs: timeSeconds * 1000,
      severity: 'warn',
      eventName: 'redis.slowlog',
      body: `${command ?? 'a command'} took ${milliseconds(seconds)} ms`,
      attributes: {
        ...(command === undefined ? {} : { 'db.operation.name': command }),
        'redis.slowlog.id': id,
        'redis.slowlog.duration': seconds,
        ...clientOf(client),
      },
    }));
    const metrics: Metric[] = [
      { name: 'sonde.redis.slowlog.entries', unit: '{entry}', type: 'counter', points: [point(this.#lastId + 1)] },
    ];
    return { records, metrics };
  }

  /** Events are `[event, time in s, latest in ms, max in ms]`. */
  latency(reply: Reply): { readonly records: LogRecord[]; readonly metrics: Metric[] } {
    const events = rowsOf(reply).flatMap(([event, timeSeconds, latestMs, maxMs]) =>
      typeof event === 'string' && typeof timeSeconds === 'number' && typeof latestMs === 'number' && typeof maxMs === 'number'
        ? [{ event, timeSeconds, latestMs, maxMs }]
        : [],
    );
    const fresh = this.#latencyKnown
      ? events.filter(({ event, timeSeconds }) => this.#latencySeconds.get(event) !== timeSeconds)
      : [];
    this.#latencyKnown = true;
    this.#latencySeconds.clear();
    for (const { event, timeSeconds } of events) this.#latencySeconds.set(event, timeSeconds);
    const records = fresh.map(({ event, timeSeconds, latestMs }): LogRecord => ({
      timeMs: timeSeconds * 1000,
      severity: 'warn',
      eventName: 'redis.latency',
      body: `${event} held up the server for ${latestMs} ms`,
      attributes: { 'redis.latency.event': event, 'redis.latency.duration': latestMs / 1000 },
    }));
    const points = events.map(({ event, maxMs }) => point(maxMs / 1000, { event }));
    return { records, metrics: [{ name: 'sonde.redis.latency.max', unit: 's', type: 'gauge', points }] };
  }
}

function rowsOf(reply: Reply): readonly (readonly Reply[])[] {
  return Array.isArray(reply) ? reply.filter((row): row is readonly Reply[] => Array.isArray(row)) : [];
}

/** What is not the name of a command, or of one of a module, is not sent. */
function commandName(word: string): string | undefined {
  return /^[A-Za-z][\w.-]{0,63}$/.test(word) ? word.toUpperCase() : undefined;
}

function clientOf(client: string): Readonly<Record<string, string | number>> {
  const [, address, port] = /^\[?([^\]]+)\]?:(\d+)$/.exec(client) ?? [];
  return address === undefined ? {} : { 'client.address': address, 'client.port': Number(port) };
}

function milliseconds(seconds: number): string {
  return (seconds * 1000).toFixed(seconds < 0.01 ? 2 : 0);
}
