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
    name: 'blocked-loop',
    title: 'Blocked event loop',
    does: 'Keeps the event loop of inventory, which has one instance, busy for 80 of every 100 ms.',
    shows: 'Whatever passes through inventory waits for its event loop, whose utilisation and delay are up.',
  },
  {
    name: 'failing-payment',
    title: 'Failing payment',
    does: 'The payment service provider answers every authorisation with 500.',
    shows:
      'POST /checkout fails with 502. The errors originate in payment’s call to the provider, a remote that reports to nobody.',
  },
  {
    name: 'slow-payment',
    title: 'Slow payment',
    does: 'The payment service provider takes 400 ms longer for every authorisation.',
    shows: 'POST /checkout waits for a remote that reports to nobody; nothing else does.',
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
  {
    name: 'traffic-surge',
    title: 'Traffic ×3',
    does: 'Customers come three times as often.',
    shows:
      'All APIs are asked three times as often. What is near its limit gets slower for each call; at the usual ten calls a second nothing is.',
  },
  {
    name: 'bad-release',
    title: 'Bad release of orders',
    does: 'Both instances of orders are replaced by version 1.1.0, which asks the database for each past order of a customer by itself.',
    shows:
      'Version 1.1.0 of orders makes up to twenty statements more for each search; POST /checkout and GET /orders are slower since it serves.',
  },
  {
    name: 'lost-instance',
    title: 'Lost instance',
    does: 'The orders instance on host shop-b is killed, and does not come back.',
    shows: 'Half of what needs orders fails with 502: the gateway still sends every other call to the instance that is gone.',
  },
];
