/** The definitions of docs/formats/path-rollup.md, drawn. One file although long: it is read from top to bottom beside that page. */
import { expect, test } from 'vitest';
import { createEdgeRollup, createPathRollup, edgeSideNumber, settleSpans } from '../index.ts';
import { batchFromText, batchOf, type BatchSpan, type NamedBatch } from '../testing/batch-from-text.ts';

/** One line for each span: what it is charged to, and its times in ms. */
function settled(named: NamedBatch): string[] {
  const found = settleSpans(named.batch);
  const nameOf = (row: number) => named.textOf(named.batch.name[row] as number);
  return named.spans.map((_, row) => {
    const mark = (found.asynchronous[row] === 1 ? ' async' : '') + (found.detached[row] === 1 ? ' detached' : '');
    const [self, critical] = [found.selfNs, found.criticalNs].map((ns) => (ns[row] as number) / 1e6);
    return `${nameOf(row)} < ${nameOf(found.entry[row] as number)}${mark}: self ${self}, critical ${critical}`;
  });
}

const changed = (named: NamedBatch, change: (span: BatchSpan, row: number) => Partial<BatchSpan>): NamedBatch =>
  batchOf([named.spans.map((span, row) => ({ ...span, ...change(span, row) }))]);

function edges(named: NamedBatch): string[] {
  const rollup = createEdgeRollup();
  rollup.add(named.batch, settleSpans(named.batch));
  const rows = rollup.rows();
  return Array.from({ length: rollup.size }, (_, i) => {
    const text = (key: 'caller' | 'callee' | 'dependency') => named.textOf(rows[key][i] as number) || '-';
    const side = rows.side[i] === edgeSideNumber.client ? 'client' : 'server';
    const wait = rows.waitNs[i] === 0 ? '' : `, wait ${(rows.waitNs[i] as number) / 1e6}`;
    return `${text('caller')} -> ${text('callee')} / ${text('dependency')}, ${side}: ${rows.calls[i]} of ${(rows.totalNs[i] as number) / 1e6}${wait}, ${rows.errors[i]} failed`;
  });
}

test('every span is charged to the outermost endpoint', () => {
  expect(
    settled(
      batchFromText(`
        web  INTERNAL click          |============|
          web  CLIENT POST            |==========|
            shop  SERVER POST          |========|
              shop  CLIENT pay          |==|
                pay  SERVER pay          |=|
              db  CLIENT SELECT             |==|
      `),
    ),
  ).toEqual([
    'web click < web click: self 2, critical 2',
    'web POST < web click: self 2, critical 2',
    'shop POST < shop POST: self 3, critical 3',
    'shop pay < shop POST: self 1, critical 1',
    'pay pay < shop POST: self 2, critical 2',
    'db SELECT < shop POST: self 3, critical 3',
  ]);
});

test('a consumer is charged to the API that published, by parent', () => {
  expect(
    settled(
      batchFromText(`
        shop  SERVER POST            |======|
          shop  PRODUCER send           |==|
            mail  CONSUMER receive           |====|
              db  CLIENT INSERT                |==|
      `),
    ),
  ).toEqual([
    'shop POST < shop POST: self 4, critical 4',
    'shop send < shop POST: self 3, critical 3',
    'mail receive < shop POST async: self 2, critical 2',
    'db INSERT < shop POST async: self 3, critical 3',
  ]);
});

test('a consumer is charged to the API that published, by link, over two hops and whichever trace comes first', () => {
  expect(
    settled(
      batchFromText(
        `
        bill  CONSUMER receive <-1.3       |====|
        `,
        `
        mail  CONSUMER receive <-2.5      |====|
          mail  PRODUCER send               |=|
        `,
        `
        shop  SERVER POST           |=====|
          shop  PRODUCER send         |=|
        `,
      ),
    ),
  ).toEqual([
    'bill receive < shop POST async: self 5, critical 5',
    'mail receive < shop POST async: self 3, critical 3',
    'mail send < shop POST async: self 2, critical 2',
    'shop POST < shop POST: self 4, critical 4',
    'shop send < shop POST: self 2, critical 2',
  ]);
});

test('a consumer of which nobody knows who published is an API itself, links to itself or elsewhere or not', () => {
  expect(
    settled(
      batchFromText(`
        mail  INTERNAL poll                          |======|
          mail  CONSUMER process <-0.2 <-9.9 <-0.77   |====|
      `),
    ),
  ).toEqual(['mail poll < mail poll: self 2, critical 2', 'mail process < mail process: self 5, critical 5']);
});

test('the link of a span that its own poll is the parent of wins, and the poll has waited for it', () => {
  expect(
    settled(
      batchFromText(
        `
        mail  CONSUMER poll              |=======|
          mail  CONSUMER process <-1.3    |=====|
        `,
        `
        shop  PRODUCER send              |=|
        `,
      ),
    ),
  ).toEqual([
    'mail poll < mail poll: self 2, critical 2',
    'mail process < shop send async: self 6, critical 6',
    'shop send < shop send: self 2, critical 2',
  ]);
});

test('consumers that lead to each other in a circle: the first of them is an API', () => {
  expect(
    settled(
      batchFromText(
        `
        a  CONSUMER receive <-1.4       |====|
          a  PRODUCER send               |==|
        `,
        `
        b  CONSUMER receive <-0.2            |===|
          b  PRODUCER send                    |==|
        `,
      ),
    ),
  ).toEqual([
    'a receive < a receive: self 2, critical 2',
    'a send < a receive: self 3, critical 3',
    // Drawings begin at the left: b begins with a, and a is the first row.
    'b receive < a receive async: self 1, critical 1',
    'b send < a receive async: self 3, critical 3',
  ]);
});

test('an async child that outlives its parent counts up to the end of the parent', () => {
  expect(
    settled(
      batchFromText(`
        shop  SERVER POST            |======|
          shop  INTERNAL later           |=====|
            db  CLIENT INSERT               |==|
      `),
    ),
  ).toEqual([
    'shop POST < shop POST: self 4, critical 4',
    'shop later < shop POST: self 3, critical 3',
    // The path ended with POST, before INSERT began.
    'db INSERT < shop POST: self 3, critical 0',
  ]);
});

test('a fragment is charged to the entry of its trace, and nothing is known to have waited for it', () => {
  const named = batchFromText(`
    shop  SERVER POST              |==========|
      shop  INTERNAL lost           |=========|
        db  CLIENT SELECT             |===|
        pay  SERVER pay                    |==|
          db  CLIENT UPDATE                 |=|
  `);
  const lost = batchOf([named.spans.filter((_, row) => row !== 1)]);
  expect(settled(lost)).toEqual([
    'shop POST < shop POST: self 11, critical 11',
    'db SELECT < shop POST detached: self 4, critical 0',
    'pay pay < pay pay: self 1, critical 1',
    'db UPDATE < pay pay: self 2, critical 2',
  ]);
});

test('a fragment that began before any entry of its trace is an entry for want of better', () => {
  const named = batchFromText(`
    a  CLIENT early            |=|
    shop  SERVER POST              |===|
  `);
  expect(settled(changed(named, (_, row) => (row === 0 ? { parentSpanId: 99 } : {})))).toEqual([
    'a early < a early: self 2, critical 2',
    'shop POST < shop POST: self 4, critical 4',
  ]);
});

test('a cycle of parents is cut where it begins', () => {
  const named = batchFromText(`
    shop  SERVER POST            |======|
      pay  SERVER pay             |====|
  `);
  expect(settled(changed(named, (_, row) => (row === 0 ? { parentSpanId: 2 } : {})))).toEqual([
    'shop POST < shop POST: self 2, critical 2',
    'pay pay < shop POST: self 5, critical 5',
  ]);
});

test('sides that share an id are caller and callee', () => {
  const named = batchFromText(`
    shop  SERVER POST            |========|
      shop  CLIENT pay             |=====|
        pay  SERVER pay             |===|
  `);
  const shared = changed(named, (_, row) => (row === 2 ? { spanId: 2, parentSpanId: 1 } : {}));
  expect(settled(shared)).toEqual(settled(named));
});

test('a server whose clock is wrong is put into the middle of its call, with what is below it', () => {
  const right = batchFromText(`
    shop  CLIENT pay             |=====|
      pay  SERVER pay             |===|
        pay  CLIENT db              |=|
  `);
  for (const offNs of [-315e15, -20e6, 20e6, 315e15]) {
    const wrong = changed(right, ({ service, startNs }) => ({ startNs: startNs + (service === 'pay' ? offNs : 0) }));
    expect(settled(wrong)).toEqual(settled(right));
  }
  expect(settled(right)[0]).toBe('shop pay < shop pay: self 2, critical 2');
});

test('a server that went on after its caller gave up is not a wrong clock', () => {
  const named = batchFromText(`
    shop  CLIENT pay             |===|
      pay  SERVER pay             |=======|
  `);
  expect(settled(named)).toEqual(['shop pay < shop pay: self 1, critical 1', 'pay pay < pay pay: self 8, critical 8']);
});

test('what an entry waited for is not what its caller, who gave up, saw of it', () => {
  expect(
    settled(
      batchFromText(`
        web  CLIENT POST           |=====|
          shop  SERVER POST         |==========|
            shop  INTERNAL aside    |======|
            shop  INTERNAL last          |=====|
      `),
    ),
  ).toEqual([
    'web POST < web POST: self 1, critical 1',
    'shop POST < shop POST: self 0, critical 5',
    'shop aside < shop POST: self 7, critical 0',
    'shop last < shop POST: self 6, critical 6',
  ]);
});

test('a call is an edge from endpoint to endpoint, of each side what it measured', () => {
  expect(
    edges(
      batchFromText(`
        shop  SERVER POST                     |==========!|
          shop  INTERNAL validate              |========|
            shop  CLIENT pay {remote pay:80}    |======!|
              pay  SERVER pay                    |====|
            shop  CLIENT fraud {remote f:443}             |=|
            shop  CLIENT SELECT {database orders}         |=|
      `),
    ).toSorted(),
  ).toEqual([
    'shop POST -> - / f:443, client: 1 of 2, 0 failed',
    'shop POST -> - / orders, client: 1 of 2, 0 failed',
    'shop POST -> pay pay / -, client: 1 of 8, 1 failed',
    'shop POST -> pay pay / -, server: 1 of 5, 0 failed',
  ]);
});

test('a message is an edge with the queue and its wait, from each publisher of a batch', () => {
  const named = batchFromText(
    `
    shop  SERVER POST                     |====|
      shop  PRODUCER send {queue orders}    |=|
    `,
    `
    cart  SERVER PUT                      |=====|
      cart  PRODUCER send {queue orders}    |==|
    `,
    `
    -  INTERNAL line-up                   |
    mail  CONSUMER receive {queue orders} <-0.2 <-1.4          |==|
    `,
  );
  expect(edges(named).toSorted()).toEqual([
    'cart PUT -> - / orders, client: 1 of 3, 0 failed',
    'cart PUT -> mail receive / orders, server: 1 of 3, wait 16, 0 failed',
    'shop POST -> - / orders, client: 1 of 2, 0 failed',
    'shop POST -> mail receive / orders, server: 1 of 3, wait 17, 0 failed',
  ]);
  // The span's time is charged once, to the first; the wait to each.
  const rollup = createPathRollup();
  rollup.add(named.batch, settleSpans(named.batch));
  const rows = rollup.rows();
  const mail = Array.from(rows.name, (name, i) => ({ name, i })).filter(({ name }) => named.textOf(name) === 'mail receive');
  expect(
    mail.map(({ i }) => [named.textOf(rows.api[i] as number), rows.calls[i], rows.selfNs[i], rows.messages[i], rows.waitNs[i]]),
  ).toEqual([
    ['shop POST', 1, 3e6, 1, 17e6],
    ['cart PUT', 0, 0, 1, 16e6],
  ]);
});

test('requests are counted where spans are many', () => {
  const named = batchFromText(`
    shop  SERVER POST                       |==========|
      shop  CLIENT SELECT {database orders}  |=|
      shop  CLIENT SELECT {database orders}     |==|
      shop  CLIENT INSERT {database orders}         |===|
  `);
  const rollup = createPathRollup();
  rollup.add(named.batch, settleSpans(named.batch));
  const { calls, requestsByService, requestsByHost, requestsByDependency } = rollup.rows();
  const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
  expect([calls, requestsByService, requestsByHost, requestsByDependency].map(sum)).toEqual([4, 1, 1, 1]);
});

test('a remote is no dependency where its own side is recorded', () => {
  const named = batchFromText(`
    shop  CLIENT pay {remote pay:80}    |======|
      pay  SERVER pay                    |====|
    shop  CLIENT pay {remote pay:80}    |======|
  `);
  const rollup = createPathRollup();
  rollup.add(named.batch, settleSpans(named.batch));
  const { dependency, name } = rollup.rows();
  expect(Array.from(dependency, (d, i) => [named.textOf(name[i] as number), named.textOf(d)])).toEqual([
    ['shop pay', ''],
    ['pay pay', ''],
    ['shop pay', 'pay:80'],
  ]);
});

test('a span is filed under the minute in which it began by its own clock', () => {
  const starts = [-1, 0, 59.999e9, 60e9, -1e18, 1e19];
  const named = batchFromText(starts.map((_, i) => `a  SERVER ${i}    |==|`).join('\n'));
  const spans = named.spans.map((span, row) => ({ ...span, startNs: starts[row] as number }));
  const { batch } = batchOf([spans], 29_395_000);
  const rollup = createPathRollup();
  rollup.add(batch, settleSpans(batch));
  expect([...rollup.rows().minute]).toEqual([29_394_999, 29_395_000, 29_395_000, 29_395_001, 12_728_333, 196_061_666]);
});

test('spans of context are counted by another window', () => {
  const named = batchFromText(`
    shop  SERVER POST        |=====|
      db  CLIENT SELECT       |==|
  `);
  const { batch } = changed(named, (_, row) => ({ inWindow: row === 1 }));
  const rollup = createPathRollup();
  rollup.add(batch, settleSpans(batch));
  const { calls, api } = rollup.rows();
  expect([...calls]).toEqual([1]);
  expect(named.textOf(api[0] as number)).toBe('shop POST');
});

const many = 100_000;
const shapes: Record<string, (row: number) => Partial<BatchSpan>> = {
  chain: (row) => ({ parentSpanId: row, startNs: row, durationNs: 2 * (many - row) }),
  fan: (row) => ({ parentSpanId: row === 0 ? 0 : 1, startNs: row * 2e6, durationNs: row === 0 ? many * 2e6 : 1e6 }),
  'fan of one time': (row) => ({ parentSpanId: row === 0 ? 0 : 1 }),
  'cycle of all': (row) => ({ parentSpanId: row === 0 ? many : row }),
  'one id': () => ({ spanId: 1, parentSpanId: 1, kind: 'server' }),
  'two sides of one id': (row) => ({ spanId: 1, parentSpanId: 1, kind: row === 7 ? 'client' : 'server' }),
  'chain of linked messages': (row) => ({ kind: 'consumer', service: `${row % 2}`, links: [{ trace: 0, spanId: row }] }),
  'circle of linked messages': (row) => ({
    kind: 'consumer',
    service: `${row % 2}`,
    links: [{ trace: 0, spanId: row || many }],
  }),
  'roots without parents': (row) => ({ parentSpanId: many + 1 + row }),
};

test.each(Object.keys(shapes))(
  'a trace of 100,000 spans: %s',
  (shape) => {
    const spans = Array.from({ length: many }, (_, row): BatchSpan => ({
      spanId: row + 1,
      parentSpanId: 0,
      kind: 'internal',
      service: 'a',
      name: 'n',
      host: 'h',
      startNs: 5e6,
      durationNs: 9e6,
      error: false,
      inWindow: true,
      links: [],
      ...shapes[shape]?.(row),
    }));
    const { batch } = batchOf([spans]);
    const rollup = createPathRollup();
    const found = settleSpans(batch);
    rollup.add(batch, found);
    const rows = rollup.rows();
    expect(rows.calls.reduce((a, b) => a + b, 0)).toBe(many);
    spans.forEach(({ durationNs }, row) => {
      if ((found.selfNs[row] as number) > durationNs || (found.criticalNs[row] as number) > durationNs)
        expect.fail(`row ${row}`);
    });
    // Anything quadratic takes minutes.
  },
  60_000,
);
