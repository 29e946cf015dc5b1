import type { SwitchName } from '../base/messages.ts';

export interface SwitchInfo {
  readonly name: SwitchName;
  readonly title: string;
  /** What it does to the shop. */
  readonly does: string;
  /** What Sonde should show of it. */
  readonly shows: string;
}

export const switches: readonly SwitchInfo[] = [
  {
    name: 'slow-statement',
    title: 'Slow statement',
    does: 'Drops the index orders_by_email: the search for a customer’s orders reads all 200,000 of them.',
    shows:
      'The statement SELECT … FROM orders WHERE lower(email) = lower($1) leads Top N of statements; POST /checkout and GET /orders, which wait for it, slow down. The embedded database runs one statement at a time, so others queue behind it.',
  },
  {
    name: 'cpu-hog',
    title: 'CPU hog on one instance',
    does: 'Keeps the event loop of the orders instance on host shop-b busy for 80 of every 100 ms.',
    shows:
      'Of the two instances of orders, the one on shop-b is slower, its event-loop delay and CPU are up; the one on shop-a is as before.',
  },
  {
    name: 'failing-payment',
    title: 'Failing payment',
    does: 'The payment service provider answers every authorisation with 500.',
    shows:
      'POST /checkout fails with 502. The errors originate in payment’s call to the provider, a remote that reports to nobody.',
  },
  {
    name: 'gc-pressure',
    title: 'GC pressure',
    does: 'inventory allocates fast and keeps everything for some seconds.',
    shows:
      'Garbage-collection pauses and heap of inventory go up; the tail of whatever passes through inventory grows, its median less.',
  },
  {
    name: 'queue-backup',
    title: 'Queue back-up',
    does: 'fulfilment takes four seconds for each order, so order.paid fills up faster than it is emptied.',
    shows:
      'The time between publish and process of order.paid grows; POST /checkout itself stays fast, its trace ends later and later.',
  },
];
