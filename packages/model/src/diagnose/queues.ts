/** Messages that are read late or no longer. */
import { confidenceOf } from './confidence.ts';
import type { Case } from './case.ts';
import { secondsOf } from './facts.ts';
import { evidence, meanDuration } from './resources.ts';
import { messagesOf } from './symptom.ts';
import type { Finding } from './verdict.ts';

/** A consumer that reads less than this part of what is sent counts as gone. */
const goneBelow = 0.1;

export function queueFindings(one: Case): Finding[] {
  const { baseline, now } = one;
  const names = new Set(now.parts.filter(({ kind }) => kind === 'queue').map(({ name }) => name));
  return [...names].flatMap((name): Finding[] => {
    const [before, after] = [messagesOf(baseline, name), messagesOf(now, name)];
    if (before.read === 0 || before.sent === 0) return [];
    const consumers = baseline.parts.filter((part) => part.kind === 'queue' && part.name === name && part.messages > 0);
    const [consumer] = consumers;
    if (!consumer) return [];
    const readBefore = before.read / before.sent;
    const readNow = after.sent === 0 ? readBefore : after.read / after.sent;
    const waits = {
      baseline: before.waitNs / before.read,
      now: after.read === 0 ? null : after.waitNs / after.read,
    };
    const isLate = waits.now === null || waits.now > 2 * waits.baseline || readNow < 0.5 * readBefore;
    if (!isLate) return [];
    const isGone = readNow < goneBelow * readBefore;
    const service = { baseline: meanServed(one.baseline, consumer.service), now: meanServed(one.now, consumer.service) };
    const rates = { baseline: before.read / secondsOf(baseline), now: after.read / secondsOf(now) };
    const sent = { baseline: before.sent / secondsOf(baseline), now: after.sent / secondsOf(now) };
    const needed = service.now === null ? null : Math.ceil((sent.now * service.now) / 1e9 / 0.7);
    return [
      {
        cause: isGone ? 'queue consumer gone' : 'queue backed up',
        subject: { kind: 'queue', service: consumer.service, name, system: consumer.system, hash: '' },
        share: 1,
        confidence: confidenceOf(one, 1, true, isGone),
        evidence: [
          evidence('wait in queue', name, waits),
          evidence('requests', `${name}: sent`, sent, 'against'),
          evidence('requests', `${name}: read by ${consumer.service}`, rates),
          meanDuration(consumer.service, service),
        ],
        remedy: isGone
          ? {
              action: 'restart consumer',
              target: consumer.service,
              amount: null,
              rule: 'consumer gone',
              why: `${consumer.service} no longer reads ${name}, while messages are sent as before.`,
            }
          : {
              action: 'scale out',
              target: consumer.service,
              amount: needed,
              rule: 'queue grows',
              why: `${consumer.service} reads ${name} more slowly than it is filled${needed === null ? '' : `; at this rate ${needed} messages have to be worked on at once`}.`,
            },
      },
    ];
  });
}

function meanServed({ parts }: Case['now'], service: string): number | null {
  const own = parts.filter((part) => part.service === service && part.served > 0);
  const served = own.reduce((sum, part) => sum + part.served, 0);
  return served === 0 ? null : own.reduce((sum, part) => sum + part.servedNs, 0) / served;
}
