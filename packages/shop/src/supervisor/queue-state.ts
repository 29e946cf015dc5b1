import { connect } from 'amqplib';
import { orderPaid } from '../base/queue.ts';

/** Messages that wait in the queue (those that a consumer holds are not counted), and its consumers. */
export async function queueState(amqpUrl: string): Promise<{ messages: number; consumers: number }> {
  const connection = await connect(amqpUrl, { noDelay: true });
  try {
    const channel = await connection.createChannel();
    const { messageCount, consumerCount } = await channel.checkQueue(orderPaid);
    return { messages: messageCount, consumers: consumerCount };
  } finally {
    await connection.close();
  }
}
