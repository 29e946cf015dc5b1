/** Where failures begin: a dependency whose calls fail, or the service that fails without any call of its own failing. */
import type { PartChange, ServiceChange } from './changes.ts';
import { confidenceOf } from './confidence.ts';
import type { Case } from './case.ts';
import { evidence, meanDuration } from './resources.ts';
import { errorShare } from './symptom.ts';
import type { Finding } from './verdict.ts';

/** A place explains the symptom's failures if this much of them happened there. */
const explainsMin = 0.3;

/** `slow`: what was found to be slow. Who waits for a connection in vain fails because of what holds them all. */
export function failureFindings(one: Case, slow: readonly Finding[]): Finding[] {
  const isHeld = slow.some(
    ({ cause }) => cause === 'slow statement' || cause === 'slow database' || cause === 'pool exhausted',
  );
  const rise = (errorShare(one.now.symptom) ?? 0) - (errorShare(one.baseline.symptom) ?? 0);
  const share = (errors: { baseline: number; now: number }) => Math.min(1, (errors.now - errors.baseline) / rise);
  const dependencies = one.services
    .flatMap(({ parts }) => parts)
    .filter(({ errors, kind }) => kind !== 'service' && kind !== 'call' && share(errors) >= explainsMin)
    .toSorted((a, b) => share(b.errors) - share(a.errors));
  const [first] = dependencies;
  if (first?.kind === 'pool' && isHeld) return [];
  if (first)
    return dependencies
      .filter(({ kind }) => kind !== 'pool' || !isHeld)
      .map((part) => dependencyFinding(one, part, share(part.errors)));
  const [origin] = one.services
    .filter(({ ownErrors }) => share(ownErrors) >= explainsMin)
    .toSorted((a, b) => share(b.ownErrors) - share(a.ownErrors));
  return origin ? [ownFinding(one, origin, share(origin.ownErrors))] : [];
}

function dependencyFinding(one: Case, part: PartChange, share: number): Finding {
  const name = part.address || part.name;
  one.claim([part], 'failing dependency');
  return {
    cause: 'failing dependency',
    subject: { kind: part.kind, service: part.service, name, system: part.system, hash: part.hash },
    share,
    confidence: confidenceOf(one, share, true, false),
    evidence: [
      evidence('error share', name, {
        baseline: part.calls.baseline === 0 ? null : part.errors.baseline / part.calls.baseline,
        now: part.calls.now === 0 ? null : part.errors.now / part.calls.now,
      }),
      meanDuration(name, part.callNs),
    ],
    remedy: {
      action: 'degrade',
      target: name,
      amount: null,
      rule: 'failing dependency',
      why: `Calls of ${part.service} to ${name} fail: stop calling it for a while (a circuit breaker), and let ${part.service} answer without it or take the request for later.`,
    },
  };
}

function ownFinding(one: Case, service: ServiceChange, share: number): Finding {
  const name = service.service;
  const isNew = service.newVersions.length > 0;
  return {
    cause: isNew ? 'new version' : 'own errors',
    subject: { kind: 'service', service: name, name, system: '', hash: '' },
    share,
    confidence: confidenceOf(one, share, true, isNew),
    evidence: [
      evidence('error share', name, service.ownErrorShare),
      ...(isNew
        ? [evidence('versions', service.newVersions.join(', '), { baseline: null, now: service.newVersions.length })]
        : []),
    ],
    remedy: {
      action: isNew ? 'roll back' : 'fix code',
      target: name,
      amount: null,
      rule: isNew ? 'new version' : 'own errors',
      why: isNew
        ? `${name} fails since version ${service.newVersions.join(', ')}.`
        : `${name} fails by itself: none of its calls fails more than before.`,
    },
  };
}
