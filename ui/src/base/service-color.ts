/** The tokens that tell services apart: `--c1` to `--c8`. */
export const categoryColors = 8;

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}

/** 1..8, the same for a name wherever it is drawn. */
export function colorIndex(name: string): number {
  return (hash(name) % categoryColors) + 1;
}

/**
 * A colour for each of the names drawn together: its own where that is free, so that up to eight never share one.
 * `given`: colours that some of them have already.
 */
export function assignColors(names: Iterable<string>, given: ReadonlyMap<string, number> = new Map()): Map<string, number> {
  const assigned = new Map(given);
  const used = new Set(given.values());
  for (const name of [...new Set(names)].toSorted()) {
    if (assigned.has(name)) continue;
    let index = colorIndex(name);
    if (used.size < categoryColors) {
      while (used.has(index)) index = (index % categoryColors) + 1;
    }
    used.add(index);
    assigned.set(name, index);
  }
  return assigned;
}
