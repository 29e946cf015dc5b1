import { expect, test } from 'vitest';
import { chainOf } from './chain-view.ts';
import { diagnosis, evidence, slowStatement } from './testing/diagnosis.ts';

test('from the statement over the service that waits to the symptom', () => {
  expect(chainOf(diagnosis, slowStatement)).toMatchObject([
    { name: 'mysql orders-db:3306', isCause: true, factor: '×20', target: { kind: 'statement' } },
    { name: 'orders', isCause: false, isSymptom: false, addedNs: 190e6, target: { kind: 'service', service: 'orders' } },
    { name: 'gateway', isSymptom: true, factor: 'p95 ×5', target: { kind: 'endpoint', name: 'POST /checkout' } },
  ]);
});

test('a service that is cause and symptom stands there once', () => {
  const own = {
    ...slowStatement,
    cause: 'own code' as const,
    subject: { kind: 'service' as const, service: 'gateway', name: 'gateway', system: '' },
    evidence: [evidence('time on the critical path', 'gateway', 'ns', 10e6, 15e6)],
    propagation: ['gateway'],
  };
  expect(chainOf(diagnosis, own)).toMatchObject([{ name: 'gateway', isCause: true, isSymptom: true, factor: '+50 %' }]);
});
