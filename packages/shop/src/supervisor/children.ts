import { Child, type ChildSpec } from './child.ts';

/** What ends first: the services, then what they stand on, so that none fails on its last call. */
type Tier = 'service' | 'middleware';

/** The processes of one shop. */
export class Children {
  readonly #started: { readonly child: Child; readonly tier: Tier }[] = [];
  #stopping = false;

  async start(tier: Tier, spec: ChildSpec): Promise<Child> {
    // Another one failed meanwhile: what is started now would be left behind.
    if (this.#stopping) throw new Error('the shop is stopping');
    const child = new Child(spec);
    this.#started.push({ child, tier });
    await child.start();
    return child;
  }

  all(): Child[] {
    return this.#started.map(({ child }) => child);
  }

  named(name: string): Child {
    const found = this.all().find((child) => child.name === name);
    if (found === undefined) throw new Error(`no process '${name}'`);
    return found;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    for (const tier of ['service', 'middleware'] as const) {
      const ending = this.#started.filter((started) => started.tier === tier);
      await Promise.all(ending.map(({ child }) => child.stop()));
    }
  }
}
