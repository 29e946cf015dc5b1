/**
 * `npm run injure [-- name…]`: runs the shop, injures it for real, one fault at a time, and asks the API what is wrong. Prints a table: was the
 * named cause first, the remedy the right one, the affected APIs those that pass through. Some five minutes for each.
 *
 *   healthy (baseline)     injured               settling
 *   |----- 2 min -----|----- 2 min -----|-- until settled --> ask, heal, drain
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Reply } from '../../ui/src/base/api-client.ts';
import { type Stack, startStack } from '../fixtures/stack.ts';
import { type Scenario, scenarios } from './scenarios.ts';

const minuteMs = 60_000;
const periodMs = 2 * minuteMs;
/** Agents send every ten seconds, and what ends late is settled thirty later. */
const settledMs = 45_000;
const drainMs = minuteMs;

const wanted = process.argv.slice(2);
const chosen = scenarios.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
if (chosen.length === 0)
  throw new Error(`no scenario is called so; there are: ${scenarios.map(({ name }) => name).join(', ')}`);

const stack = await startStack();
try {
  const rows = [];
  for (const scenario of chosen) {
    const row = await judge(stack, scenario);
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

async function judge(running: Stack, scenario: Scenario) {
  // Whole minutes: rollups have no finer ones.
  await sleep(settledMs);
  const healthyFrom = nextMinute();
  await sleep(healthyFrom + periodMs - Date.now());
  const heal = await scenario.injure(running);
  // Its first seconds belong to neither period.
  const from = nextMinute();
  await sleep(from + periodMs + settledMs - Date.now());
  const { service, name } = scenario.symptom;
  const asked = new URLSearchParams({
    service,
    name,
    from: String(from),
    to: String(from + periodMs),
    baselineFrom: String(healthyFrom),
    baselineTo: String(healthyFrom + periodMs),
  });
  const answer = await running.api<Reply<'getDiagnosis'>>(`/diagnosis?${asked}`);
  const [first] = answer.verdicts;
  const impacted = first ? await impactOf(running, first, from) : [];
  await heal();
  await sleep(drainMs);
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

type Verdict = Reply<'getDiagnosis'>['verdicts'][number];

/** Names of the APIs that pass through what is accused, in order. */
async function impactOf(running: Stack, { subject }: Verdict, from: number): Promise<string[]> {
  const of =
    subject.statement !== undefined
      ? `statement=${subject.statement.hash}`
      : subject.kind === 'queue' || subject.kind === 'remote' || subject.kind === 'host'
        ? `${subject.kind}=${encodeURIComponent(subject.name)}`
        : `service=${encodeURIComponent(subject.service)}`;
  const { apis } = await running.api<Reply<'getImpact'>>(`/impact?${of}&from=${from}&to=${from + periodMs}`);
  return apis
    .filter(({ kind }) => kind === 'api')
    .map(({ name }) => name)
    .toSorted();
}

function nextMinute(): number {
  return Math.ceil(Date.now() / minuteMs) * minuteMs;
}
