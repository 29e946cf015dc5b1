/** The payment service provider: stands for another company's system. It is not instrumented. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpError } from '../base/http-error.ts';
import { serveJson } from '../base/json-server.ts';
import { log } from '../base/log.ts';
import { runProcess } from '../base/run-process.ts';
import { port } from '../base/settings.ts';

const thinkMinMs = 5;
const thinkMaxMs = 20;
/** As with real providers, a test card that is always declined. */
const declinedCard = '4000000000000002';

/** Of the switch `slow-payment`. */
const slowMs = 400;

let failing = false;
let slow = false;

async function authorise(body: unknown): Promise<{ authorisationId: string; approved: boolean }> {
  await sleep(thinkMinMs + Math.random() * (thinkMaxMs - thinkMinMs));
  if (slow) await sleep(slowMs);
  if (failing) throw new HttpError(500, 'the acquirer cannot be reached');
  const card = typeof body === 'object' && body !== null && 'card' in body ? body.card : undefined;
  return { authorisationId: randomUUID(), approved: card !== declinedCard };
}

await runProcess(async () => {
  const server = await serveJson(
    [{ method: 'POST', path: /^\/v1\/authorisations$/, handle: ({ body }) => authorise(body) }],
    port(),
    (error) => log.error({ err: error }, 'request failed'),
  );
  return {
    port: server.port,
    switches: {
      'failing-payment': (on) => {
        failing = on;
      },
      'slow-payment': (on) => {
        slow = on;
      },
    },
    close: () => server.close(),
  };
});
