/** What can be done to the shop for real, and what a diagnosis of it must say. Add one here, and it is judged. */
import { diskBusy, flip, type Injure, processorSharedWith, stopped } from './injure.ts';

export interface Scenario {
  readonly name: string;
  readonly injure: Injure;
  /** How long, before the API is asked. Default 1. */
  readonly minutes?: number;
  /** Calls a second, when ten would leave it unhurt. It is then compared with two healthy minutes of its own. */
  readonly rate?: number;
  /** The API that somebody complains about. */
  readonly symptom: { readonly service: string; readonly name: string };
  /** Any of these may be the first verdict. */
  readonly causes: readonly string[];
  /** Part of the first verdict's service, name or statement. */
  readonly subject: RegExp;
  readonly actions: readonly string[];
  /** APIs that pass through what was injured, by the shop's own wiring (packages/shop/src/supervisor/processes.ts); undefined: not asked. */
  readonly apis?: readonly string[];
}

const checkout = { service: 'gateway', name: 'POST /checkout' };

const throughOrders = ['GET /orders', 'GET /orders/:id', 'POST /checkout'];
const throughInventory = ['GET /products', 'GET /products/:sku', 'POST /checkout'];

export const scenarios: readonly Scenario[] = [
  {
    name: 'nothing',
    injure: async () => async () => undefined,
    symptom: checkout,
    causes: [],
    subject: /^$/,
    actions: [],
  },
  {
    name: 'slow statement',
    injure: flip('slow-statement'),
    symptom: checkout,
    causes: ['slow statement'],
    subject: /FROM orders WHERE lower\(email\)/,
    actions: ['fix statement'],
    apis: ['GET /orders', 'POST /checkout'],
  },
  {
    name: 'CPU hog beside one instance',
    injure: processorSharedWith('orders-2', 4),
    symptom: checkout,
    // Both hosts are this machine: that the peer's has the same processors busy, no agent can tell.
    causes: ['one bad instance', 'host CPU saturated'],
    subject: /orders/,
    actions: ['drain instance', 'free the host'],
  },
  {
    name: 'one bad instance',
    injure: flip('cpu-hog'),
    symptom: checkout,
    causes: ['one bad instance'],
    subject: /orders/,
    actions: ['drain instance'],
    apis: throughOrders,
  },
  {
    name: 'disk hog',
    injure: diskBusy(4),
    symptom: checkout,
    causes: ['host I/O saturated'],
    subject: /orders|shop-/,
    actions: ['free the host'],
  },
  {
    name: 'garbage collection',
    injure: flip('gc-pressure'),
    symptom: { service: 'gateway', name: 'GET /products' },
    causes: ['garbage collection'],
    subject: /inventory/,
    actions: ['restart and fix'],
    apis: throughInventory,
  },
  {
    name: 'blocked event loop',
    injure: flip('blocked-loop'),
    symptom: { service: 'gateway', name: 'GET /products/:sku' },
    causes: ['event loop blocked'],
    subject: /inventory/,
    actions: ['fix code'],
    apis: throughInventory,
  },
  {
    name: 'failing payment',
    injure: flip('failing-payment'),
    symptom: checkout,
    causes: ['failing dependency'],
    subject: /payment/,
    actions: ['degrade'],
    apis: ['POST /checkout'],
  },
  {
    name: 'slow payment',
    injure: flip('slow-payment'),
    symptom: checkout,
    causes: ['slow remote'],
    subject: /payment/,
    actions: ['degrade'],
    apis: ['POST /checkout'],
  },
  {
    name: 'queue consumer stopped',
    injure: stopped('fulfilment'),
    symptom: checkout,
    causes: ['queue consumer gone'],
    subject: /order\.paid/,
    actions: ['restart consumer'],
    apis: ['POST /checkout'],
  },
  {
    name: 'queue backed up',
    injure: flip('queue-backup'),
    symptom: checkout,
    causes: ['queue backed up'],
    subject: /order\.paid/,
    actions: ['scale out'],
    apis: ['POST /checkout'],
  },
  {
    name: 'traffic ×3',
    injure: flip('traffic-surge'),
    // Ten, and three times ten, do not hurt it.
    rate: 25,
    symptom: checkout,
    causes: ['more traffic', 'slow database'],
    subject: /./,
    actions: ['scale out', 'rate-limit callers'],
  },
  {
    name: 'bad release',
    injure: flip('bad-release'),
    symptom: { service: 'gateway', name: 'GET /orders' },
    causes: ['new version'],
    subject: /orders/,
    actions: ['roll back'],
    apis: throughOrders,
  },
  {
    name: 'lost instance',
    injure: flip('lost-instance'),
    // An instance that is gone is silent for a whole minute.
    minutes: 2,
    symptom: { service: 'gateway', name: 'GET /orders/:id' },
    causes: ['instance gone'],
    subject: /orders/,
    actions: ['replace instance'],
    apis: throughOrders,
  },
];
