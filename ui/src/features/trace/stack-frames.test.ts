import { expect, test } from 'vitest';
import { stackFrames } from './stack-frames.ts';

const kinds = (stack: string) => stackFrames(stack).map(({ kind }) => kind);

test('own code is told from libraries and the runtime', () => {
  expect(
    kinds(`TimeoutError: lock wait
    at Orders.update (/app/src/orders/update.ts:42:11)
    at Query.run (/app/node_modules/pg/lib/query.js:10:5)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)`),
  ).toEqual(['message', 'own', 'library', 'library']);
});

test('so it is in other languages', () => {
  expect(
    kinds(`java.lang.IllegalStateException: no stock
	at com.shop.Stock.take(Stock.java:17)
	at org.springframework.web.Servlet.doGet(Servlet.java:9)
	... 12 more`),
  ).toEqual(['message', 'own', 'library', 'library']);
  expect(
    kinds(`Traceback (most recent call last):
  File "/srv/shop/cart.py", line 3, in total
  File "/usr/lib/python3/site-packages/requests/api.py", line 5, in get`),
  ).toEqual(['message', 'own', 'library']);
});
