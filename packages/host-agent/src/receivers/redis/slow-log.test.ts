import { expect, test } from 'vitest';
import { type Reply } from './resp.ts';
import { SlowLog } from './slow-log.ts';

const entry = (id: number, ...words: string[]): Reply => [id, 1_795_315_814, 11_900, words, '127.0.0.1:48930', ''];
const idsOf = (slowLog: SlowLog, reply: Reply): unknown[] =>
  slowLog.commands(reply).records.map(({ attributes }) => attributes['redis.slowlog.id']);

test('entries that are new, the oldest first; not those from before the agent', () => {
  const slowLog = new SlowLog();
  expect(idsOf(slowLog, [entry(3, 'SET'), entry(2, 'GET')])).toEqual([]);
  expect(idsOf(slowLog, [entry(5, 'SET'), entry(4, 'GET'), entry(3, 'SET')])).toEqual([4, 5]);
  expect(idsOf(slowLog, [entry(5, 'SET'), entry(4, 'GET')])).toEqual([]);
  expect(idsOf(slowLog, [])).toEqual([]);
  expect(idsOf(slowLog, [entry(6, 'SET')])).toEqual([6]);
  expect(slowLog.commands([entry(6, 'SET')]).metrics[0]?.points[0]?.value).toBe(7);
});

test('a server that was started anew counts from 0', () => {
  const slowLog = new SlowLog();
  slowLog.serverIs('a');
  slowLog.commands([entry(7, 'GET')]);
  slowLog.serverIs('b');
  expect(idsOf(slowLog, [entry(8, 'GET'), entry(0, 'GET')])).toEqual([0, 8]);
});

test('an entry: the name of the command, never its arguments', () => {
  const slowLog = new SlowLog();
  slowLog.commands([]);
  const [record] = slowLog.commands([entry(0, 'set', 'card', '4711')]).records;
  expect(record).toEqual({
    timeMs: 1_795_315_814_000,
    severity: 'warn',
    eventName: 'redis.slowlog',
    body: 'SET took 12 ms',
    attributes: {
      'db.operation.name': 'SET',
      'redis.slowlog.id': 0,
      'redis.slowlog.duration': 0.0119,
      'client.address': '127.0.0.1',
      'client.port': 48_930,
    },
  });
  expect(slowLog.commands([entry(1, 'what a client made up')]).records[0]?.body).toBe('a command took 12 ms');
});

test('latency: an event once for each time it happened', () => {
  const slowLog = new SlowLog();
  const bodies = (reply: Reply): string[] => slowLog.latency(reply).records.map(({ body }) => body);
  expect(bodies([['command', 100, 3, 9]])).toEqual([]);
  expect(bodies([['command', 100, 3, 9]])).toEqual([]);
  const both: Reply = [
    ['command', 101, 4, 9],
    ['fork', 101, 30, 30],
  ];
  expect(bodies(both)).toEqual(['command held up the server for 4 ms', 'fork held up the server for 30 ms']);
  expect(slowLog.latency(both).metrics[0]?.points).toEqual([
    { value: 0.009, attributes: { event: 'command' } },
    { value: 0.03, attributes: { event: 'fork' } },
  ]);
});

test('answers of another shape are nothing', () => {
  const slowLog = new SlowLog();
  for (const reply of [null, 'OK', 3, [1, 'a'], [[1]], [['a', 'b', 'c', 'd']]] as Reply[]) {
    expect(slowLog.commands(reply).records).toEqual([]);
    expect(slowLog.latency(reply).records).toEqual([]);
  }
});
