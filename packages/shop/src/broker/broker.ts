import { once } from 'node:events';
import { createServer } from 'node:net';
import { portOf } from '../base/port-of.ts';
import type { Queues } from './channel.ts';
import { Connection } from './connection.ts';

export interface Broker {
  readonly port: number;
  close(): Promise<void>;
}

const queueBytesMaxByDefault = 64 * 1024 * 1024;

/** Listens for AMQP 0-9-1 on the loopback address; port 0 takes any free one. Queues live in memory and end with the broker. */
export async function startBroker({ port = 0, queueBytesMax = queueBytesMaxByDefault } = {}): Promise<Broker> {
  const queues: Queues = { byName: new Map(), bytesMax: queueBytesMax };
  const connections = new Set<Connection>();
  const server = createServer((socket) => {
    const connection = new Connection(socket, queues);
    connections.add(connection);
    socket.once('close', () => connections.delete(connection));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: portOf(server),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const connection of connections) connection.close();
      await closed;
    },
  };
}
