import { describe, expect, test } from 'vitest';
import { commandOf } from './command.ts';
import { parseProcessStat, processCountMetrics, type ProcessStat } from './stat.ts';
import { Top } from './top.ts';

// Captured on Linux 6.18; the name was changed to the worst that it may be.
const stat =
  '22230 (a) R (b) S 22047 22047 10703 0 -1 4194304 99 0 0 0 211 34 0 0 20 0 12 0 5139832 3133440 389 18446744073709551615 94164259745792 94164259765673 140733581415584 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0 94164259781680 94164259783296 94165182345216 140733581417126 140733581417160 140733581417160 140733581418475 0\n';

test('the fields of /proc/<pid>/stat, whatever the name is', () => {
  expect(parseProcessStat(stat)).toEqual({
    pid: 22_230,
    name: 'a) R (b',
    state: 'S',
    userTicks: 211,
    systemTicks: 34,
    threads: 12,
    startTicks: 5_139_832,
    residentPages: 389,
    isKernelThread: false,
  });
  expect(parseProcessStat('2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 1 0 0 0\n')?.isKernelThread).toBe(true);
});

test.each(['', 'nonsense', '1 (init', '1 (init) S 0'])('no process: %j', (text) => {
  expect(parseProcessStat(text)).toBeUndefined();
});

describe('what is said of a command', () => {
  test.each([
    ['/usr/bin/node', 'node /app/server.js --token=geheim', '/usr/bin/node /app/server.js'],
    ['/usr/bin/node', 'node --import ./agent.mjs --max-old-space-size=64 server.mjs geheim', '/usr/bin/node server.mjs'],
    ['/usr/bin/node', 'node -e geheim', '/usr/bin/node'],
    ['/usr/bin/python3.11', 'python3 -X dev -m gunicorn shop:app geheim', '/usr/bin/python3.11 gunicorn'],
    [
      '/usr/lib/jvm/bin/java',
      'java -Dpw=geheim -cp a:b org.apache.zookeeper.Main',
      '/usr/lib/jvm/bin/java org.apache.zookeeper.Main',
    ],
    ['/usr/lib/jvm/bin/java', 'java -Dpw=geheim -jar shop.jar', '/usr/lib/jvm/bin/java shop.jar'],
    ['/usr/bin/bash', 'bash -lc geheim', '/usr/bin/bash'],
    ['/usr/bin/dash', '/bin/sh -c geheim', '/usr/bin/dash'],
    ['/usr/bin/redis-server', '/usr/bin/redis-server *:6379', '/usr/bin/redis-server'],
    ['', 'postgres: writer', 'postgres:'],
    ['', '', ''],
  ])('%s: %s', (executable, line, said) => expect(commandOf(executable, line.split(' '))).toBe(said));

  test('a script whose name is no path', () => {
    expect(commandOf('/bin/sh', ['sh', 'PASSWORD=geheim run'])).toBe('/bin/sh');
  });
});

function processOf(pid: number, userTicks: number, residentPages = 1, more: Partial<ProcessStat> = {}): ProcessStat {
  const rest = { name: 'a', state: 'S', systemTicks: 0, threads: 1, startTicks: 1, isKernelThread: false };
  return { ...rest, pid, userTicks, residentPages, ...more };
}

test('states', () => {
  const processes = ['R', 'S', 'D', 'I', 'T', 'Z'].map((state, pid) => processOf(pid, 0, 0, { state }));
  const [counts, blocked] = processCountMetrics(processes);
  expect(counts?.points.map(({ attributes, value }) => [attributes['process.state'], value])).toEqual([
    ['running', 1],
    ['sleeping', 3],
    ['stopped', 1],
    ['defunct', 1],
  ]);
  expect(blocked?.points[0]?.value).toBe(1);
});

describe('the first processes', () => {
  const chosen = (top: Top, ...processes: ProcessStat[]): number[] =>
    top
      .choose(processes)
      .map(({ pid }) => pid)
      .toSorted((one, other) => one - other);

  test('by what they used since the last time, and by memory', () => {
    const top = new Top(1);
    expect(chosen(top, processOf(1, 1000), processOf(2, 0, 50), processOf(3, 0), processOf(4, 0))).toEqual([1, 2]);
    expect(chosen(top, processOf(1, 1000), processOf(2, 0, 50), processOf(3, 5), processOf(4, 0))).toEqual([1, 2, 3]);
  });

  test('one that was among them goes on for a minute, then no more', () => {
    const top = new Top(1);
    chosen(top, processOf(1, 10), processOf(2, 0, 50));
    const scrapes = Array.from({ length: 7 }, () => chosen(top, processOf(1, 10), processOf(2, 0, 50)).length);
    expect(scrapes).toEqual([2, 2, 2, 2, 2, 1, 1]);
  });

  test('a pid that came again is another process', () => {
    const top = new Top(1);
    chosen(top, processOf(1, 1000, 1), processOf(2, 0, 50));
    expect(chosen(top, processOf(1, 3, 1, { startTicks: 2 }), processOf(2, 0, 50))).toEqual([1, 2]);
  });

  test('neither threads of the kernel nor the dead; never more than four times the number', () => {
    const top = new Top(1);
    expect(chosen(top, processOf(1, 9, 9, { isKernelThread: true }), processOf(2, 9, 9, { state: 'Z' }))).toEqual([]);
    const pids = Array.from({ length: 20 }, (_, index) => index);
    for (const busy of pids) {
      const sent = top.choose(pids.map((pid) => processOf(pid, pid === busy ? 100 * (busy + 1) : 0)));
      expect(sent.length).toBeLessThanOrEqual(4);
    }
  });
});
