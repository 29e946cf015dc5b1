/** `npm run simulate -- [--seeds N] [--first S] [--seed S]`: N histories from seed S on, or that of one seed with all that happened in it. */
import { parseArgs } from 'node:util';
import { History } from './history.ts';

const number = (fallback: string) => ({ type: 'string', default: fallback }) as const;
const { values } = parseArgs({ options: { seeds: number('2000'), first: number('1'), seed: { type: 'string' } } });
const [first, count] = values.seed === undefined ? [Number(values.first), Number(values.seeds)] : [Number(values.seed), 1];
if (!Number.isInteger(first) || !Number.isInteger(count) || count < 1) {
  console.error('usage: npm run simulate -- [--seeds N] [--first S] [--seed S]');
  process.exit(2);
}

const startedAt = performance.now();
const sums = { acknowledged: 0, stored: 0, quarantined: 0, starts: 0, faults: 0 };
let failures = 0;
for (let seed = first; seed < first + count; seed++) {
  const history = new History(seed);
  try {
    const figures = await history.run();
    for (const key of ['acknowledged', 'stored', 'quarantined', 'starts', 'faults'] as const) sums[key] += figures[key];
  } catch (error) {
    failures++;
    console.log(`seed ${seed}: ${error instanceof Error ? error.stack : String(error)}`);
  }
  if (values.seed !== undefined) console.log(history.trace.join('\n'));
}
console.log(`${count} histories in ${((performance.now() - startedAt) / 1000).toFixed(1)} s: ${JSON.stringify(sums)}`);
console.log(failures === 0 ? 'every promise held' : `${failures} failed; npm run simulate -- --seed <seed> shows one`);
process.exit(failures === 0 ? 0 : 1);
