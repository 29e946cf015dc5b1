import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diagnose } from './diagnose.ts';
import { idlePart, type PathPart, type PeriodFacts, type RuntimeFacts } from './facts.ts';
import { serviceChanges } from './changes.ts';

const minute = 60_000;
const ms = 1_000_000;

const hostFacts = (cpu: number, cpuPressure = 0.1) => ({ cpu, steal: 0, ioWait: 0, cpuPressure, ioPressure: 0.02 });

const part = (over: Partial<PathPart> & Pick<PathPart, 'service'>): PathPart => ({
  ...idlePart,
  version: '1.0',
  instance: `${over.service}-1`,
  host: 'a',
  calls: 1000,
  lastSeenMs: 9 * minute,
  ...over,
});

const served = (service: string, perRequestMs: number, over: Partial<PathPart> = {}) =>
  part({ service, criticalNs: 1000 * perRequestMs * ms, served: 1000, servedNs: 1000 * perRequestMs * ms, ...over });
const statement = (hash: string, perRequestMs: number, over: Partial<PathPart> = {}) =>
  part({
    service: 'orders',
    kind: 'statement',
    system: 'postgresql',
    address: 'db:5432',
    hash,
    criticalNs: 1000 * perRequestMs * ms,
    totalNs: 1000 * perRequestMs * ms,
    ...over,
  });

const quiet: RuntimeFacts = { gcShare: 0.01, loopUtilization: 0.2, loopDelayNs: 11 * ms, heapBytes: 50e6 };

/** A thousand requests in ten minutes, whose mean is what its parts add up to. */
function period(
  parts: readonly PathPart[],
  over: Partial<PeriodFacts> & { errors?: number; requests?: number } = {},
): PeriodFacts {
  const totalNs = parts.reduce((sum, { criticalNs }) => sum + criticalNs, 0);
  const requests = over.requests ?? 1000;
  const mean = totalNs / requests;
  return {
    fromMs: 0,
    toMs: 10 * minute,
    symptom: { requests, errors: over.errors ?? 0, totalNs, p50Ns: mean, p95Ns: 2 * mean, p99Ns: 3 * mean },
    parts,
    runtimes: over.runtimes ?? new Map(),
    hosts: over.hosts ?? new Map([['a', hostFacts(0.4)]]),
  };
}

/** Cause, whom it accuses, what to do. */
function told(baseline: PeriodFacts, now: PeriodFacts): (readonly string[])[] {
  return diagnose(baseline, now).findings.map(({ cause, subject, remedy }) => [
    cause,
    subject.hash || subject.name,
    remedy.action,
  ]);
}

const usual = [served('gateway', 5), served('orders', 5), statement('0a', 10), statement('0b', 10)];
const withRuntime = (instance: string, facts: Partial<RuntimeFacts>) => new Map([[instance, { ...quiet, ...facts }]]);

test('nothing is accused when nothing got worse, whatever is busy', () => {
  const busy = { runtimes: withRuntime('orders-1', { gcShare: 0.3, loopUtilization: 0.9 }) };
  expect(diagnose(period(usual), period(usual, busy))).toMatchObject({ problems: [], findings: [] });
});

test('a slow statement, and what waits for connections behind it', () => {
  const slow = [
    served('gateway', 5),
    served('orders', 6),
    statement('0a', 300),
    statement('0b', 60),
    part({ service: 'orders', kind: 'pool', system: 'postgresql', criticalNs: 400_000 * ms, totalNs: 400_000 * ms }),
  ];
  const found = diagnose(period(usual), period(slow));
  expect(told(period(usual), period(slow))).toEqual([['slow statement', '0a', 'fix statement']]);
  expect(found.findings[0]?.share).toBeGreaterThan(0.95);
  expect(found.findings[0]?.evidence.map(({ measure }) => measure)).toContain('mean duration');
});

test('many statements of one database: the database, and no more instances', () => {
  const now = [...usual.slice(0, 2), ...['0a', '0b', '0c', '0d'].map((hash) => statement(hash, 60))];
  const before = [...usual.slice(0, 2), ...['0a', '0b', '0c', '0d'].map((hash) => statement(hash, 10))];
  expect(told(period(before), period(now))).toEqual([['slow database', 'db:5432', 'rate-limit callers']]);
});

test('connections are waited for, while statements take what they took', () => {
  const waits = part({ service: 'orders', kind: 'pool', criticalNs: 80_000 * ms, totalNs: 80_000 * ms });
  expect(told(period(usual), period([...usual, waits]))).toEqual([['pool exhausted', 'orders', 'enlarge pool']]);
});

test('one instance apart takes all that is slow in it, its statements too', () => {
  const two = (one: number, other: number) => [
    served('orders', one, { served: 500, calls: 500 }),
    served('orders', other, { instance: 'orders-2', host: 'b', served: 500, calls: 500 }),
    statement('0a', other, { instance: 'orders-2', host: 'b' }),
  ];
  expect(told(period(two(5, 5)), period(two(5, 60)))).toEqual([['one bad instance', 'orders-2', 'drain instance']]);
  const hosts = (cpu: number, cpuPressure?: number) =>
    new Map([
      ['a', hostFacts(0.3)],
      ['b', hostFacts(cpu, cpuPressure)],
    ]);
  expect(told(period(two(5, 5), { hosts: hosts(0.3) }), period(two(5, 60), { hosts: hosts(0.98) }))).toEqual([
    ['host CPU saturated', 'b', 'drain instance'],
  ]);
  // Bound to one of its two processors, with others.
  expect(told(period(two(5, 5), { hosts: hosts(0.3) }), period(two(5, 60), { hosts: hosts(0.7, 0.75) }))).toEqual([
    ['host CPU saturated', 'b', 'drain instance'],
  ]);
  const disks = (ioPressure: number) => new Map([...hosts(0.3), ['b', { ...hostFacts(0.3), ioPressure }]]);
  expect(told(period(two(5, 5), { hosts: disks(0.1) }), period(two(5, 60), { hosts: disks(0.9) }))).toEqual([
    ['host I/O saturated', 'b', 'drain instance'],
  ]);
  expect(told(period(two(5, 5)), period(two(55, 60)))[0]?.[0]).not.toBe('one bad instance');
  // The other three times what it took, which is no tenth of what this one took more.
  expect(told(period(two(5, 5)), period(two(15, 200)))[0]?.[0]).not.toBe('one bad instance');
});

test('tasks of the machine wait for its disks, whatever its processors have to do', () => {
  const on = (ioPressure: number) => ({
    runtimes: withRuntime('orders-1', { loopUtilization: 0.3 }),
    hosts: new Map([['a', { ...hostFacts(0.5), ioPressure }]]),
  });
  const slow = [served('gateway', 5), served('orders', 30), statement('0a', 10), statement('0b', 10)];
  expect(told(period(usual, on(0.1)), period(slow, on(0.8)))).toEqual([['host I/O saturated', 'orders', 'free the host']]);
  expect(told(period(usual, on(0.5)), period(slow, on(0.7)))[0]?.[0]).toBe('own code');
});

test('a process that collects garbage, or whose event loop is busy, makes its statements slow', () => {
  const now = [served('gateway', 5), served('orders', 30), statement('0a', 25), statement('0b', 25)];
  const collecting = { runtimes: withRuntime('orders-1', { gcShare: 0.25, loopUtilization: 0.5 }) };
  const blocked = { runtimes: withRuntime('orders-1', { loopUtilization: 0.9, loopDelayNs: 40 * ms }) };
  const base = period(usual, { runtimes: withRuntime('orders-1', {}) });
  expect(told(base, period(now, collecting))).toEqual([['garbage collection', 'orders', 'restart and fix']]);
  expect(told(base, period(now, blocked))).toEqual([['event loop blocked', 'orders', 'fix code']]);
});

test('a busy process that waits for one thing is not stalled by itself', () => {
  const now = [served('gateway', 5), served('orders', 10), statement('0a', 500), statement('0b', 10)];
  const busy = { runtimes: withRuntime('orders-1', { loopUtilization: 0.7, loopDelayNs: 15 * ms }) };
  expect(told(period(usual, { runtimes: withRuntime('orders-1', {}) }), period(now, busy))[0]?.[0]).toBe('slow statement');
});

test('three times the requests on one busy loop: as many instances as bring it to 70 %', () => {
  const now = [served('gateway', 5), served('orders', 40, { served: 3000 }), statement('0a', 12), statement('0b', 12)];
  const base = period(usual, { runtimes: withRuntime('orders-1', { loopUtilization: 0.3 }) });
  const found = diagnose(base, period(now, { runtimes: withRuntime('orders-1', { loopUtilization: 0.95 }) }));
  expect([...found.causeOf.values()]).not.toContain('event loop blocked');
  expect(found.findings[0]).toMatchObject({
    cause: 'more traffic',
    remedy: { action: 'scale out', target: 'orders', amount: 2 },
  });
});

test('a new version that got slower is rolled back', () => {
  const now = usual.map((one) =>
    one.service === 'orders' ? { ...one, version: '1.1', instance: 'orders-9', criticalNs: 4 * one.criticalNs } : one,
  );
  expect(told(period(usual), period(now))).toEqual([['new version', 'orders', 'roll back']]);
});

test('more calls for each request, none slower, are the caller’s doing', () => {
  const now = [...usual.slice(0, 3), statement('0b', 100, { calls: 10_000 })];
  expect(told(period(usual), period(now))).toEqual([['own code', 'orders', 'fix code']]);
});

test('a slow address that reports nothing', () => {
  const remote = (perRequestMs: number) =>
    part({
      service: 'payment',
      kind: 'remote',
      address: 'psp:443',
      criticalNs: 1000 * perRequestMs * ms,
      totalNs: 1000 * perRequestMs * ms,
    });
  expect(told(period([...usual, remote(20)]), period([...usual, remote(400)]))).toEqual([
    ['slow remote', 'psp:443', 'degrade'],
  ]);
});

test('failures begin where no call fails, or at the call that fails', () => {
  const failing = [
    served('gateway', 5, { servedErrors: 200, callErrors: 200 }),
    served('orders', 5, { servedErrors: 200 }),
    ...usual.slice(2),
  ];
  expect(told(period(usual), period(failing, { errors: 200 }))).toEqual([['own errors', 'orders', 'fix code']]);
  const remote = (errors: number) => part({ service: 'orders', kind: 'remote', address: 'psp:443', errors });
  expect(told(period([...usual, remote(0)]), period([...failing, remote(200)], { errors: 200 }))).toEqual([
    ['failing dependency', 'psp:443', 'degrade'],
  ]);
});

test('a queue whose consumer stopped, or fell behind', () => {
  const queue = (read: number, waitMs: number) => [
    ...usual,
    part({ service: 'orders', kind: 'queue', name: 'paid' }),
    part({
      service: 'mail',
      kind: 'queue',
      name: 'paid',
      calls: read,
      messages: read,
      waitNs: read * waitMs * ms,
      served: read,
    }),
  ];
  expect(told(period(queue(1000, 5)), period(queue(20, 5)))).toEqual([['queue consumer gone', 'paid', 'restart consumer']]);
  expect(told(period(queue(1000, 5)), period(queue(700, 40_000)))).toEqual([['queue backed up', 'paid', 'scale out']]);
});

test('an instance that fell silent while requests failed', () => {
  const two = (over: Partial<PathPart>) => [
    served('gateway', 5),
    served('orders', 5, { served: 500 }),
    served('orders', 5, { instance: 'orders-2', served: 500, ...over }),
  ];
  const now = two({ served: 0, servedNs: 0, criticalNs: 0, calls: 0 }).map((one) =>
    one.instance === 'orders-2'
      ? { ...one, lastSeenMs: 2 * minute }
      : one.service === 'gateway'
        ? { ...one, servedErrors: 300 }
        : one,
  );
  expect(told(period(two({ lastSeenMs: 0 })), period(now, { errors: 300 }))[0]).toEqual([
    'instance gone',
    'orders-2',
    'replace instance',
  ]);
  // A deployment that put another in its place took none away.
  const replaced = [...now, served('orders', 5, { instance: 'orders-3', served: 500 })];
  const causes = diagnose(period(two({ lastSeenMs: 0 })), period(replaced, { errors: 300 })).findings.map(({ cause }) => cause);
  expect(causes).not.toContain('instance gone');
});

test('the changes of the parts add up to the change of the mean', () => {
  const someParts = fc.array(
    fc.record({
      service: fc.constantFrom('a', 'b', 'c'),
      kind: fc.constantFrom('service' as const, 'statement' as const, 'remote' as const, 'call' as const),
      hash: fc.constantFrom('', '01', '02'),
      criticalNs: fc.nat(1e9),
    }),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(
      someParts,
      someParts,
      fc.integer({ min: 1, max: 1e4 }),
      fc.integer({ min: 1, max: 1e4 }),
      (one, other, n, m) => {
        const [before, after] = [period(one.map(part), { requests: n }), period(other.map(part), { requests: m })];
        const sum = serviceChanges(before, after).reduce((total, { deltaNs }) => total + deltaNs, 0);
        expect(sum).toBeCloseTo(after.symptom.totalNs / m - before.symptom.totalNs / n, 3);
        const { findings } = diagnose(before, after);
        for (const { confidence, share } of findings) {
          expect(share).toBeGreaterThan(0);
          expect(share).toBeLessThanOrEqual(1.000001);
          expect(confidence).toBeLessThanOrEqual(1);
        }
      },
    ),
  );
});

test('tasks that wait for processors starve a service and its database alike, whatever share of all is busy', () => {
  const now = [served('gateway', 5), served('orders', 30), statement('0a', 20), statement('0b', 22), statement('0c', 24)];
  const hosts = (cpu: number, cpuPressure: number) => ({ hosts: new Map([['a', hostFacts(cpu, cpuPressure)]]) });
  expect(told(period(usual, hosts(0.27, 0.14)), period(now, hosts(0.71, 0.77)))[0]?.[0]).toBe('host CPU saturated');
  expect(told(period(usual, hosts(0.27, 0.14)), period(now, hosts(0.6, 0.35)))[0]?.[0]).not.toBe('host CPU saturated');
});
