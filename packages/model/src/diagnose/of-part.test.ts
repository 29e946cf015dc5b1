import { expect, test } from 'vitest';
import { aboutFirst, isAbout, type Part } from './of-part.ts';
import type { PathPart } from './facts.ts';
import type { Finding, Subject } from './verdict.ts';

const place = { system: '', address: '', name: '', hash: '', instance: '', host: '' };
const parts = [
  { ...place, kind: 'service', service: 'shop', instance: 'shop-1', host: 'node-1' },
  { ...place, kind: 'service', service: 'mail', instance: 'mail-1', host: 'node-2' },
  { ...place, kind: 'statement', service: 'shop', address: 'db:5432', name: 'orders', hash: 'aa', host: 'node-1' },
  { ...place, kind: 'statement', service: 'mail', address: 'db:5432', name: 'letters', hash: 'bb', host: 'node-2' },
] as unknown as PathPart[];
const finding = (cause: Finding['cause'], over: Partial<Subject>) =>
  ({ cause, subject: { kind: 'service', service: 'shop', name: 'shop', system: '', hash: '', ...over } }) as Finding;

const slowA = finding('slow statement', { kind: 'statement', name: 'db:5432', hash: 'aa' });
const slowB = finding('slow statement', { kind: 'statement', service: 'mail', name: 'db:5432', hash: 'bb' });
const slowDatabase = finding('slow database', { kind: 'database', name: 'db:5432' });
const busy = finding('host CPU saturated', {});
const gone = finding('instance gone', { kind: 'instance', name: 'shop-1' });
const own = finding('own code', {});
const all = { slowA, slowB, slowDatabase, busy, gone, own };

test.each<[Part, (keyof typeof all)[]]>([
  [{ kind: 'host', name: 'node-1' }, ['busy', 'gone']],
  [{ kind: 'host', name: 'node-2' }, []],
  [{ kind: 'statement', name: 'aa' }, ['slowA', 'slowDatabase']],
  [{ kind: 'database', name: 'db:5432' }, ['slowA', 'slowB', 'slowDatabase']],
  [{ kind: 'database', name: 'db:5432/letters' }, ['slowB', 'slowDatabase']],
  [{ kind: 'remote', name: 'db:5432' }, []],
])('about %j', (part, expected) => {
  const about = Object.entries(all).flatMap(([name, one]) => (isAbout(part, one, parts) ? [name] : []));
  expect(about).toEqual(expected);
});

test('they come first, the others stay behind them in their order', () => {
  const ordered = aboutFirst({ kind: 'host', name: 'node-1' }, [own, slowA, gone, busy], parts);
  expect(ordered).toEqual([gone, busy, own, slowA]);
});
