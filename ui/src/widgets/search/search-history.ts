const storageKey = 'sonde-searches';
const searchesMax = 10;

/** The last searches made in this browser, the newest first. */
export function readSearches(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '[]');
    return Array.isArray(stored) ? stored.filter((one): one is string => typeof one === 'string') : [];
  } catch {
    // Something else wrote there; it is replaced by the next search.
    return [];
  }
}

export function rememberSearch(search: string): void {
  if (search === '') return;
  const searches = [search, ...readSearches().filter((one) => one !== search)].slice(0, searchesMax);
  localStorage.setItem(storageKey, JSON.stringify(searches));
}
