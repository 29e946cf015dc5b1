/** What can be done to the shop for real, and what a diagnosis of it must say. Add one here, and it is judged. */
import type { Stack } from '../fixtures/stack.ts';

export interface Scenario {
  readonly name: string;
  /** Does it, and gives back what heals it. */
  readonly injure: (stack: Stack) => Promise<() => Promise<void>>;
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

function flip(name: string): Scenario['injure'] {
  return async (stack) => {
    await setSwitch(stack, name, true);
    return () => setSwitch(stack, name, false);
  };
}

async function setSwitch({ controlUrl }: Stack, name: string, on: boolean): Promise<void> {
  const response = await fetch(`${controlUrl}/switches/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ on }),
  });
  if (!response.ok) throw new Error(`${name}: ${response.status} ${await response.text()}`);
}

/** A process that is stopped is as one that hangs: its connections stand, nothing is read. */
function stop(process_: string): Scenario['injure'] {
  return async ({ controlUrl }) => {
    const { processes } = (await (await fetch(`${controlUrl}/status`)).json()) as {
      readonly processes: readonly { readonly name: string; readonly pid: number }[];
    };
    const found = processes.find(({ name }) => name === process_);
    if (!found) throw new Error(`the shop has no process ${process_}`);
    process.kill(found.pid, 'SIGSTOP');
    return async () => void process.kill(found.pid, 'SIGCONT');
  };
}

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
    name: 'one bad instance',
    injure: flip('cpu-hog'),
    symptom: checkout,
    causes: ['one bad instance', 'host CPU saturated'],
    subject: /orders/,
    actions: ['drain instance'],
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
    name: 'garbage collection',
    injure: flip('gc-pressure'),
    symptom: { service: 'gateway', name: 'GET /products' },
    causes: ['garbage collection'],
    subject: /inventory/,
    actions: ['restart and fix'],
    apis: ['GET /products', 'GET /products/:sku', 'POST /checkout'],
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
    name: 'queue consumer stopped',
    injure: stop('fulfilment'),
    symptom: checkout,
    causes: ['queue consumer gone'],
    subject: /order\.paid/,
    actions: ['restart consumer'],
    apis: ['POST /checkout'],
  },
];
