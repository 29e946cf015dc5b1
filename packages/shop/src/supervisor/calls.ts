/** What customers do, as a sequence that a seed decides: the nth call of a seed is the same in every run. */
import { categories, customers, products, seededOrders, seededOrdersWithLines } from '../database/schema.ts';
import { seededRandom } from './random.ts';

export interface Call {
  readonly api: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  /** Pause before it. Arrivals are a Poisson process, as with customers who know nothing of each other. */
  readonly afterMs: number;
}

interface Api {
  readonly api: string;
  /** Share of all calls. */
  readonly share: number;
  call(random: () => number): Omit<Call, 'api' | 'afterMs'>;
}

const below = (random: () => number, count: number): number => Math.floor(random() * count);
/** Some products are popular: the lower the number, the more often. */
const popularSku = (random: () => number): string => `SKU-${String(below(random, products * random() ** 2)).padStart(4, '0')}`;
const customer = (random: () => number): string => `customer-${below(random, customers)}@example.org`;

const approvedCard = '4242424242424242';
const declinedCard = '4000000000000002';

const apis: readonly Api[] = [
  {
    api: 'GET /products',
    share: 0.3,
    call: (random) => ({
      method: 'GET',
      path: `/products?category=${categories[below(random, categories.length)]}&page=${below(random, 5)}`,
    }),
  },
  {
    api: 'GET /products/:sku',
    share: 0.3,
    call: (random) => ({ method: 'GET', path: `/products/${random() < 0.02 ? 'unknown' : popularSku(random)}` }),
  },
  {
    api: 'POST /checkout',
    share: 0.2,
    call: (random) => ({
      method: 'POST',
      path: '/checkout',
      body: {
        email: customer(random),
        card: random() < 0.03 ? declinedCard : approvedCard,
        items: Array.from(new Set(Array.from({ length: 1 + below(random, 3) }, () => popularSku(random))), (sku) => ({
          sku,
          quantity: 1 + below(random, 3),
        })),
      },
    }),
  },
  {
    api: 'GET /orders',
    share: 0.1,
    call: (random) => ({ method: 'GET', path: `/orders?email=${encodeURIComponent(customer(random).toUpperCase())}` }),
  },
  {
    api: 'GET /orders/:id',
    share: 0.1,
    call: (random) => ({ method: 'GET', path: `/orders/${seededOrders - below(random, seededOrdersWithLines)}` }),
  },
];

/** An endless sequence of calls at a mean rate per second. */
export function* calls(seed: number, rate: number): Generator<Call, never> {
  const random = seededRandom(seed);
  for (;;) {
    const afterMs = (-Math.log(1 - random()) / rate) * 1000;
    let rest = random();
    const chosen = apis.find(({ share }) => (rest -= share) < 0) ?? apis[0]!;
    yield { api: chosen.api, afterMs, ...chosen.call(random) };
  }
}
