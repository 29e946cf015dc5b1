/** Charges cards, on fastify, through the payment service provider: another company's system, which reports to nobody here. */
import fastify, { LogController } from 'fastify';
import { call } from '../base/call.ts';
import { HttpError } from '../base/http-error.ts';
import { log } from '../base/log.ts';
import { portOf } from '../base/port-of.ts';
import { runProcess } from '../base/run-process.ts';
import { port, setting } from '../base/settings.ts';

interface Charge {
  readonly orderId: number;
  readonly totalCents: number;
  readonly card: string;
}

interface Authorisation {
  readonly authorisationId: string;
  readonly approved: boolean;
}

const provider = setting('PSP_URL');
const app = fastify({ loggerInstance: log, logController: new LogController({ disableRequestLogging: true }) });

app.post<{ Body: Charge }>('/charge', async (request) => {
  const { orderId, totalCents, card } = request.body;
  const { approved, authorisationId } = await call<Authorisation>('POST', `${provider}/v1/authorisations`, {
    reference: `order-${orderId}`,
    amountCents: totalCents,
    card,
  });
  if (!approved) throw new HttpError(402, 'the card was declined');
  log.info({ orderId, totalCents }, 'charged');
  return { paymentId: authorisationId };
});

await runProcess(async () => {
  await app.listen({ port: port(), host: '127.0.0.1' });
  return { port: portOf(app.server), close: () => app.close() };
});
