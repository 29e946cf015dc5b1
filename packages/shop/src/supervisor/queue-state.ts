import { connect } from 'amqplib';
import { orderPaid } from '../base/queue.ts';

export interface QueueState {
  /** Messages that wait; those that a consumer holds are not counted. */
  readonly messages: number;
  readonly consumers: number;
}

/** Nothing while the broker is away. */
export async function queueState(amqpUrl: string): Promise<QueueState | undefined> {
  const connection = await connect(amqpUrl, { noDelay: true }).catch(() => undefined);
  if (connection === undefined) return undefined;
  try {
    const channel = await connection.createChannel();
    const { messageCount, consumerCount } = await channel.checkQueue(orderPaid);
    return { messages: messageCount, consumers: consumerCount };
  } finally {
    await connection.close();
  }
}
