export const attributeGroups = ['http', 'database', 'messaging', 'rpc', 'server', 'code', 'error', 'other'] as const;
export type AttributeGroup = (typeof attributeGroups)[number];

/** By the first part of the key, as OpenTelemetry's semantic conventions name their namespaces. */
const groupOfPrefix: Readonly<Record<string, AttributeGroup>> = {
  http: 'http',
  url: 'http',
  user_agent: 'http',
  db: 'database',
  messaging: 'messaging',
  rpc: 'rpc',
  server: 'server',
  client: 'server',
  network: 'server',
  net: 'server',
  peer: 'server',
  source: 'server',
  destination: 'server',
  code: 'code',
  thread: 'code',
  error: 'error',
  exception: 'error',
};

export interface AttributeRow {
  readonly key: string;
  readonly text: string;
  /** What `attribute=` of GET /traces takes to find it; none for a value that is a list or a map. */
  readonly filter: string | undefined;
}

export interface AttributeSection {
  readonly group: AttributeGroup;
  readonly rows: readonly AttributeRow[];
}

export function attributeText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

export function attributeRow(key: string, value: unknown): AttributeRow {
  const scalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return { key, text: attributeText(value), filter: scalar && key !== '' ? `${key}=${String(value)}` : undefined };
}

/** Sections in a fixed order, keys by name; empty sections are left out. */
export function groupAttributes(attributes: Readonly<Record<string, unknown>>): AttributeSection[] {
  const rows = new Map<AttributeGroup, AttributeRow[]>();
  for (const key of Object.keys(attributes).toSorted()) {
    const prefix = key.split('.', 1)[0] ?? '';
    const group = (Object.hasOwn(groupOfPrefix, prefix) ? groupOfPrefix[prefix] : undefined) ?? 'other';
    const list = rows.get(group) ?? [];
    list.push(attributeRow(key, attributes[key]));
    rows.set(group, list);
  }
  return attributeGroups.flatMap((group) => {
    const list = rows.get(group);
    return list ? [{ group, rows: list }] : [];
  });
}
