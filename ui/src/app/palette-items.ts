export interface PaletteSources {
  /** `also`: what it is called elsewhere, so that a page is found by its English name in Chinese too. */
  readonly pages: readonly { readonly to: string; readonly title: string; readonly also?: string }[];
  readonly services: readonly string[];
  readonly endpoints: readonly { readonly service: string; readonly name: string }[];
  readonly hosts: readonly string[];
  readonly middleware: readonly { readonly id: string; readonly title: string }[];
}

export type PaletteItem =
  | { readonly kind: 'page'; readonly to: string; readonly title: string }
  | { readonly kind: 'endpoint'; readonly service: string; readonly title: string }
  | { readonly kind: 'middleware'; readonly id: string; readonly title: string }
  | { readonly kind: 'service' | 'host' | 'trace'; readonly title: string };

const itemsPerKindMax = 8;

/** A trace id stands alone in what was pasted, or within a `traceparent`. */
export function traceIdIn(text: string): string | undefined {
  return /(?:^|[^0-9a-f])([0-9a-f]{32})(?:$|[^0-9a-f])/i.exec(text.trim())?.[1]?.toLowerCase();
}

/** What fits the words typed, names that begin with them first. */
export function paletteItems(typed: string, sources: PaletteSources): PaletteItem[] {
  const traceId = traceIdIn(typed);
  if (traceId !== undefined) return [{ kind: 'trace', title: traceId }];
  const words = typed.trim().toLowerCase();
  const ranked = <T>(all: readonly T[], nameOf: (one: T) => string) =>
    all
      .map((one) => ({ one, at: nameOf(one).toLowerCase().indexOf(words) }))
      .filter(({ at }) => at >= 0)
      .toSorted((a, b) => Number(a.at > 0) - Number(b.at > 0))
      .slice(0, itemsPerKindMax)
      .map(({ one }) => one);
  const same = (name: string) => name;
  return [
    ...sources.pages
      .filter(({ title, also }) => [title, also].some((name) => name?.toLowerCase().includes(words)))
      .map(({ to, title }) => ({ kind: 'page' as const, to, title })),
    ...ranked(sources.services, same).map((title) => ({ kind: 'service' as const, title })),
    // The service stands before the name, as it is read: `orders POST` finds those of orders.
    ...(words === ''
      ? []
      : ranked(sources.endpoints, ({ service, name }) => (name.toLowerCase().includes(words) ? name : `${service} ${name}`))
    ).map(({ service, name }) => ({ kind: 'endpoint' as const, service, title: name })),
    ...ranked(sources.hosts, same).map((title) => ({ kind: 'host' as const, title })),
    ...ranked(sources.middleware, ({ title }) => title).map(({ id, title }) => ({ kind: 'middleware' as const, id, title })),
  ];
}
