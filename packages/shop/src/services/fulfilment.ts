/** Takes paid orders from the queue and ships them. It has no API. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { log } from '../base/log.ts';
import { createPool } from '../base/pool.ts';
import { consume, type OrderPaid } from '../base/queue.ts';
import { runProcess } from '../base/run-process.ts';
import { setting } from '../base/settings.ts';

const carriers = ['Northwind', 'Parcelfish', 'Swift & Sons'];
const packedAtOnce = 2;
/** While the queue backs up: two at once make half an order per second, below what the default load brings in. */
const slowPackingMs = 4_000;

const pool = createPool(setting('DATABASE_URL'), log);
let packingMs = 0;

async function ship({ orderId }: OrderPaid): Promise<void> {
  await sleep(packingMs);
  const tracking = createHash('sha256').update(String(orderId)).digest('hex').slice(0, 16);
  // Delivered twice, shipped once.
  await pool.query(
    `INSERT INTO shipments (order_id, carrier, tracking) VALUES ($1, $2, $3) ON CONFLICT (order_id) DO NOTHING`,
    [orderId, carriers[orderId % carriers.length], tracking],
  );
  await pool.query(`UPDATE orders SET status = 'shipped' WHERE id = $1 AND status = 'paid'`, [orderId]);
  log.info({ orderId, tracking }, 'shipped');
}

await runProcess(async () => {
  const queue = await consume(setting('AMQP_URL'), packedAtOnce, log, ship);
  return {
    switches: {
      'queue-backup': (on) => {
        packingMs = on ? slowPackingMs : 0;
      },
    },
    close: async () => {
      await queue.close();
      await pool.end();
    },
  };
});
