import type { Verdict } from '@sonde/api';
import { expect, test } from 'vitest';
import { en } from '../../base/messages/en.ts';
import { zh } from '../../base/messages/zh.ts';
import { sentenceText } from './sentence.ts';
import { diagnosis, evidence, slowStatement } from './testing/diagnosis.ts';
import {
  actionTold,
  causeTold,
  chosenVerdict,
  evidenceRows,
  exampleSearch,
  impactSubject,
  reasonTold,
  type Told,
  verdictKey,
} from './verdict-view.ts';

const said = ({ template, values }: Told) => sentenceText(template, values);
const service = { kind: 'service', service: 'cart', name: 'cart', system: '' } as const;
const version: Verdict = {
  ...slowStatement,
  cause: 'new version',
  subject: service,
  evidence: [evidence('error share', 'cart', '1', 0, 0.2), evidence('versions', '2.8.1', '{version}', null, 1)],
  remedy: { action: 'roll back', target: 'cart', amount: null, rule: 'new version', why: 'It fails.' },
};

test('a cause is a sentence with its figures, in either language', () => {
  expect(said(causeTold(slowStatement, en.diagnose))).toBe(
    'Statement SELECT 1 on mysql orders-db:3306 takes 160 ms a call where it took 8 ms.',
  );
  expect(said(causeTold(slowStatement, zh.diagnose))).toBe(
    'mysql orders-db:3306 上的语句 SELECT 1 每次调用耗时 160 ms，此前为 8 ms。',
  );
  expect(said(causeTold({ ...slowStatement, evidence: [] }, en.diagnose))).toBe(
    'Statement SELECT 1 on mysql orders-db:3306 got slower.',
  );
});

test('a saturated host: busy processors, or tasks that wait for those they may use', () => {
  const busy = evidence('CPU utilization', 'cart', '1', 0.3, 0.7);
  const waiting = evidence('CPU pressure', 'cart', '1', 0.15, 0.75);
  const saturated = (...of: Verdict['evidence']) =>
    said(causeTold({ ...slowStatement, cause: 'host CPU saturated', subject: service, evidence: of }, en.diagnose));
  expect(saturated(busy, waiting)).toBe('The processors under cart are busy for 70 % of the time, before 30 %.');
  expect(saturated({ ...busy, says: 'against' }, waiting)).toBe(
    'What runs under cart waits for a processor 75 % of the time, before 15 %.',
  );
});

test('a saturated disk: processors that wait for it, or tasks while the processors have other work', () => {
  const wait = evidence('I/O wait', 'cart', '1', 0.01, 0.4);
  const waiting = evidence('I/O pressure', 'cart', '1', 0.02, 0.8);
  const saturated = (...of: Verdict['evidence']) =>
    said(causeTold({ ...slowStatement, cause: 'host I/O saturated', subject: service, evidence: of }, en.diagnose));
  expect(saturated(wait, waiting)).toBe('The processors under cart wait for disks 40 % of the time, before 1 %.');
  expect(saturated({ ...wait, says: 'against' }, waiting)).toBe(
    'What runs under cart waits for disks 80 % of the time, before 2 %.',
  );
});

test('a version that fails is not called slow', () => {
  expect(said(causeTold(version, en.diagnose))).toBe('Since version 2.8.1, 20 % of the requests fail in cart, before 0 %.');
});

test('more calls are counted for each request, not for each second', () => {
  const more: Verdict = {
    ...slowStatement,
    cause: 'own code',
    subject: service,
    evidence: [evidence('requests', 'db', '{request}/s', 1, 12)],
    remedy: { action: 'fix code', target: 'cart', amount: null, rule: 'more calls for each request', why: '' },
  };
  expect(said(causeTold(more, en.diagnose))).toBe('cart asks db 12 times for each request (before: 1).');
});

test('the reason is the catalogue’s where it has one, else the sentence of the API', () => {
  expect(said(reasonTold(slowStatement, en.diagnose))).toBe('Because.');
  expect(reasonTold(slowStatement, zh.diagnose)).toMatchObject({ isEnglish: false });
  const unheard = { ...slowStatement, remedy: { ...slowStatement.remedy, rule: 'a rule of tomorrow' } };
  expect(reasonTold(unheard, zh.diagnose)).toMatchObject({ isEnglish: true });
  // A reason of which a figure is missing is not told with a gap.
  expect(reasonTold({ ...slowStatement, evidence: [] }, zh.diagnose)).toMatchObject({ isEnglish: true });
});

test('how much stands in the action where the rule reckoned it', () => {
  const scale = (amount: number | null, rule = 'saturation that follows the rate') =>
    said(actionTold({ ...slowStatement, remedy: { action: 'scale out', target: 'cart', amount, rule, why: '' } }, en.diagnose));
  expect(scale(4)).toBe('Scale cart out to 4 instances.');
  expect(scale(null)).toBe('Run more instances of cart.');
  expect(scale(4, 'queue grows')).toBe('Let cart work on 4 messages at once.');
});

test('evidence: what speaks for it first, whose it is only where that differs', () => {
  expect(evidenceRows(slowStatement, en.diagnose).map(({ isFor, of }) => [isFor, of])).toEqual([
    [true, ''],
    [true, ''],
    [false, ''],
  ]);
  const apart = { ...slowStatement, evidence: [evidence('mean duration', 'a', 'ns', 1e6, null), ...slowStatement.evidence] };
  expect(evidenceRows(apart, en.diagnose)[0]).toMatchObject({ of: 'a', baseline: '1 ms', now: undefined });
});

test('a link keeps its verdict while others come and go before it', () => {
  const { verdicts } = { verdicts: [version, slowStatement] };
  expect(chosenVerdict(verdicts, verdictKey(slowStatement))).toBe(slowStatement);
  expect(chosenVerdict(verdicts, undefined)).toBe(version);
  expect(chosenVerdict(verdicts, 'gone')).toBe(version);
});

test('examples and impact are asked for by what the subject is', () => {
  expect(exampleSearch(diagnosis, slowStatement)).toEqual({ statement: '9c5b88f48ec02b0b', sort: 'duration' });
  expect(exampleSearch(diagnosis, version)).toEqual({
    service: 'gateway',
    name: 'POST /checkout',
    minMs: 40,
    sort: 'duration',
  });
  const instance = { ...version, subject: { ...service, kind: 'instance' as const, name: 'cart-"1"' } };
  expect(exampleSearch(diagnosis, instance)).toEqual({ q: 'service.instance.id = "cart-\\"1\\""', sort: 'duration' });
  expect(impactSubject(slowStatement.subject)).toEqual({ statement: '9c5b88f48ec02b0b' });
  expect(impactSubject({ ...service, kind: 'host', name: 'node-1' })).toEqual({ host: 'node-1' });
  expect(impactSubject({ ...service, kind: 'database', name: 'db' })).toEqual({ service: 'cart' });
});
