/**
 * `npm run injure [-- name…]`: runs the shop, injures it for real, one fault at a time, and asks the API what is wrong. Prints a table: was the
 * named cause first, the remedy the right one, the affected APIs those that pass through. All but those with a load of their own are compared with
 * the same two minutes before the first; two minutes for each.
 *
 *   healthy (baseline)    injured           settling           injured
 *   |------ 2 min -----|--- 1 min ---| heal, ask, drain |--- 1 min ---| ...
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Reply } from '../../ui/src/base/api-client.ts';
import { type Stack, startStack, usualSettling } from '../fixtures/stack.ts';
import { setRate } from './injure.ts';
import { type Scenario, scenarios } from './scenarios.ts';

const minuteMs = 60_000;
const healthyMs = 2 * minuteMs;
/** Agents send every ten seconds, and what ends late is settled after that. */
const settledMs = 50_000;
/** What is new opens its connections and fills its caches. */
const warmUpMs = 60_000;
/** Calls a second, as the shop starts with. */
const usualRate = 10;
/** More connections are opened, and the JIT compiles for more calls. */
const getsUsedMs = 20_000;
const wanted = process.argv.slice(2);
const chosen = scenarios.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
if (chosen.length === 0)
  throw new Error(`no scenario is called so; there are: ${scenarios.map(({ name }) => name).join(', ')}`);

const stack = await startStack(usualSettling);
try {
  await sleep(warmUpMs);
  const healthy = await period(nextMinute(), healthyMs);
  const rows = [];
  for (const scenario of chosen) {
    const row = await judge(stack, scenario, healthy);
    console.log(JSON.stringify(row));
    rows.push(row);
  }
  console.table(rows);
  const right = rows.filter((row) => row.cause && row.remedy && row.apis).length;
  console.log(`${right} of ${rows.length} right`);
  process.exitCode = right === rows.length ? 0 : 1;
} finally {
  await stack.stop();
}

/** Whole minutes: rollups have no finer ones. Resolves when it is over. */
async function period(from: number, ms: number): Promise<Period> {
  await sleep(from + ms - Date.now());
  return { from, to: from + ms };
}

async function healthyAt(running: Stack, rate: number): Promise<Period> {
  await setRate(running, rate);
  await sleep(getsUsedMs);
  return await period(nextMinute(), healthyMs);
}

async function judge(running: Stack, scenario: Scenario, healthy: Period) {
  const baseline = scenario.rate === undefined ? healthy : await healthyAt(running, scenario.rate);
  const start = nextMinute();
  await sleep(start - Date.now());
  const heal = await scenario.injure(running);
  const { from, to } = await period(start, (scenario.minutes ?? 1) * minuteMs);
  await heal();
  if (scenario.rate !== undefined) await setRate(running, usualRate);
  await sleep(settledMs);
  const { service, name } = scenario.symptom;
  const asked = new URLSearchParams({
    service,
    name,
    from: String(from),
    to: String(to),
    baselineFrom: String(baseline.from),
    baselineTo: String(baseline.to),
  });
  const answer = await running.api<Reply<'getDiagnosis'>>(`/diagnosis?${asked}`);
  const [first] = answer.verdicts;
  const impacted = first ? await impactOf(running, first, { from, to }) : [];
  await emptyQueue(running);
  const subject = first ? `${first.subject.service} ${first.subject.name} ${first.subject.statement?.text ?? ''}`.trim() : '';
  const isNothing = scenario.causes.length === 0;
  return {
    injury: scenario.name,
    said: first ? `${first.cause}: ${subject.slice(0, 60)}` : 'nothing',
    share: first === undefined ? '' : first.share.toFixed(2),
    confidence: first?.confidence ?? '',
    action: first?.remedy.action ?? '',
    cause: isNothing ? first === undefined : scenario.causes.includes(first?.cause ?? '') && scenario.subject.test(subject),
    remedy: isNothing || scenario.actions.includes(first?.remedy.action ?? ''),
    apis: scenario.apis === undefined || JSON.stringify(impacted) === JSON.stringify(scenario.apis),
    impacted: impacted.join(', '),
  };
}

interface Period {
  readonly from: number;
  readonly to: number;
}

type Verdict = Reply<'getDiagnosis'>['verdicts'][number];

/** Names of the APIs that pass through what is accused, in order. */
async function impactOf(running: Stack, { subject }: Verdict, { from, to }: Period): Promise<string[]> {
  const of =
    subject.statement !== undefined
      ? `statement=${subject.statement.hash}`
      : subject.kind === 'queue' || subject.kind === 'remote' || subject.kind === 'host'
        ? `${subject.kind}=${encodeURIComponent(subject.name)}`
        : `service=${encodeURIComponent(subject.service)}`;
  const { apis } = await running.api<Reply<'getImpact'>>(`/impact?${of}&from=${from}&to=${to}`);
  return apis
    .filter(({ kind }) => kind === 'api')
    .map(({ name }) => name)
    .toSorted();
}

async function emptyQueue({ controlUrl }: Stack): Promise<void> {
  for (;;) {
    const { queue } = (await (await fetch(`${controlUrl}/status`)).json()) as {
      readonly queue?: { readonly messages: number };
    };
    if (queue?.messages === 0) return;
    await sleep(1000);
  }
}

function nextMinute(): number {
  return Math.ceil(Date.now() / minuteMs) * minuteMs;
}
