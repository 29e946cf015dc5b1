export interface PaletteSources {
  readonly pages: readonly { readonly to: string; readonly title: string }[];
  readonly services: readonly string[];
  readonly hosts: readonly string[];
}

export type PaletteItem =
  | { readonly kind: 'page'; readonly to: string; readonly title: string }
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
  const ranked = (names: readonly string[]) =>
    names
      .map((name) => ({ name, at: name.toLowerCase().indexOf(words) }))
      .filter(({ at }) => at >= 0)
      .toSorted((a, b) => Number(a.at > 0) - Number(b.at > 0))
      .slice(0, itemsPerKindMax)
      .map(({ name }) => name);
  return [
    ...sources.pages
      .filter(({ title }) => title.toLowerCase().includes(words))
      .map((page) => ({ kind: 'page' as const, ...page })),
    ...ranked(sources.services).map((title) => ({ kind: 'service' as const, title })),
    ...ranked(sources.hosts).map((title) => ({ kind: 'host' as const, title })),
  ];
}
