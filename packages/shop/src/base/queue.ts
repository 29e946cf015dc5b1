/** The queue that tells fulfilment of paid orders. Both ends connect again, with back-off, when the broker was away. */
import { connect, type ChannelModel, type ConfirmChannel, type ConsumeMessage, type RecoveringChannelModel } from 'amqplib';
import type { Logger } from 'pino';

export const orderPaid = 'order.paid';
const confirmTimeoutMs = 5_000;

export interface OrderPaid {
  readonly orderId: number;
}

export interface Publisher {
  /** Resolves when the broker has taken the message. */
  publish(event: OrderPaid): Promise<void>;
  close(): Promise<void>;
}

export async function createPublisher(url: string, log: Logger): Promise<Publisher> {
  let channel: ConfirmChannel | undefined;
  const connection = await connectQueue(url, log, async (model) => {
    channel = await model.createConfirmChannel();
    await channel.assertQueue(orderPaid, { durable: true });
  });
  return {
    publish: (event) =>
      new Promise((resolve, reject) => {
        setTimeout(() => reject(new Error(`the queue did not confirm '${orderPaid}' in time`)), confirmTimeoutMs).unref();
        if (channel === undefined) throw new Error('the queue is not connected');
        const options = { persistent: true, contentType: 'application/json' };
        channel.sendToQueue(orderPaid, Buffer.from(JSON.stringify(event)), options, (error: unknown) => {
          if (error === null || error === undefined) resolve();
          else reject(new Error(`the queue refused '${orderPaid}'`, { cause: error }));
        });
      }),
    close: () => connection.close(),
  };
}

/** Handles up to `prefetch` events at a time. An event that fails twice is given up, in the log. */
export async function consume(
  url: string,
  prefetch: number,
  log: Logger,
  handle: (event: OrderPaid) => Promise<void>,
): Promise<RecoveringChannelModel> {
  return connectQueue(url, log, async (model) => {
    const channel = await model.createChannel();
    await channel.assertQueue(orderPaid, { durable: true });
    await channel.prefetch(prefetch);
    let open = true;
    channel.once('close', () => {
      open = false;
    });
    const onMessage = async (message: ConsumeMessage): Promise<void> => {
      const { redelivered } = message.fields;
      const handled = await succeeds(() => handle(JSON.parse(message.content.toString('utf8')) as OrderPaid), log);
      // What was not acknowledged before the channel closed comes again.
      if (!open) return;
      if (handled) channel.ack(message);
      else channel.nack(message, false, !redelivered);
    };
    await channel.consume(orderPaid, (message) => void (message && onMessage(message)));
  });
}

async function succeeds(act: () => Promise<void>, log: Logger): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    log.error({ err: error }, `could not handle ${orderPaid}`);
    return false;
  }
}

async function connectQueue(
  url: string,
  log: Logger,
  setup: (model: ChannelModel) => Promise<void>,
): Promise<RecoveringChannelModel> {
  const connection = await connect(url, { noDelay: true, recovery: { initialDelay: 200, maxDelay: 5_000, setup } });
  connection.on('disconnect', (error) => log.warn({ err: error }, 'lost the queue'));
  connection.on('error', (error: Error) => log.warn({ err: error }, 'the queue closed the connection'));
  return connection;
}
