import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { ItemLedger } from './item-ledger.ts';
import { signals } from './items.ts';

const count = fc.nat(50);
const signal = fc.constantFrom(...signals);
const items = fc.record({ traces: count, metrics: count, logs: count });
const call = fc.oneof(
  fc.tuple(signal, count, count).map(
    ([of, some, few]) =>
      (ledger: ItemLedger) =>
        ledger.acknowledged(of, some, few, 'zero id'),
  ),
  fc.tuple(signal, count).map(
    ([of, some]) =>
      (ledger: ItemLedger) =>
        ledger.refused(of, some, 'spool-full'),
  ),
  items.map((some) => (ledger: ItemLedger) => ledger.recovered(some)),
  items.map((some) => (ledger: ItemLedger) => ledger.stored(some)),
  items.map((some) => (ledger: ItemLedger) => ledger.quarantined(some, 'damaged file')),
);

it('(1) accounts for every item after every call', () => {
  fc.assert(
    fc.property(fc.array(call), (calls) => {
      const ledger = new ItemLedger();
      for (const run of calls) {
        run(ledger);
        for (const of of signals) {
          const { received, stored, pending, rejected, refused, quarantined } = ledger.snapshot().counters[of];
          expect(stored + pending + rejected + refused + quarantined).toBe(received);
        }
      }
    }),
  );
});

it('(2) bounds the reasons it holds', () => {
  const ledger = new ItemLedger();
  for (let reason = 0; reason < 1000; reason++) {
    ledger.acknowledged('logs', 0, 1, `reason ${reason}`);
    ledger.refusedRequest(`reason ${reason}`);
  }
  const { drops, refusedRequests } = ledger.snapshot();
  expect(drops.length).toBeLessThanOrEqual(101);
  expect(drops.reduce((sum, drop) => sum + drop.items, 0)).toBe(1000);
  expect(refusedRequests['{other}']).toBe(900);
});
