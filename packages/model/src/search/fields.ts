import { type Field, type IntrinsicKey, intrinsicKeys, logKeys, type Operator, operators, type Searched } from './search.ts';

/** Where resources of the semantic conventions live: a key of these is the resource's unless it is written `attribute.key`. */
const resourceNamespaces = [
  'service',
  'deployment',
  'host',
  'os',
  'process',
  'container',
  'k8s',
  'cloud',
  'device',
  'telemetry',
];

/** What a key means; undefined where it names nothing. `resource.` and `attribute.` before a key say which of the two is meant. */
export function readField(key: string, searched: Searched = 'spans'): Field | undefined {
  if (key === '') return undefined;
  if (isIntrinsic(key, searched)) return { scope: 'intrinsic', key };
  for (const scope of ['resource', 'attribute'] as const) {
    if (!key.startsWith(`${scope}.`)) continue;
    const own = key.slice(scope.length + 1);
    return own === '' ? undefined : { scope, key: own };
  }
  const [namespace = ''] = key.split('.');
  return { scope: namespace !== key && resourceNamespaces.includes(namespace) ? 'resource' : 'attribute', key };
}

/** The shortest key that means this field. */
export function fieldKey(field: Field, searched: Searched = 'spans'): string {
  if (field.scope === 'intrinsic') return field.key;
  const plain = readField(field.key, searched);
  return plain?.scope === field.scope && plain.key === field.key ? field.key : `${field.scope}.${field.key}`;
}

const intrinsicOperators: Readonly<Record<IntrinsicKey, readonly Operator[]>> = {
  name: ['=', '!=', '~', '!~', 'in'],
  duration: ['=', '!=', '>', '>=', '<', '<=', 'in'],
  status: ['=', '!=', 'in'],
  kind: ['=', '!=', 'in'],
  'trace.id': ['=', '!=', 'in'],
  body: ['=', '!=', '~', '!~', 'in'],
  severity: ['=', '!=', '>', '>=', '<', '<=', 'in'],
  'span.id': ['=', '!=', 'in'],
};

/** What can be asked of a field. */
export function operatorsOf(field: Field): readonly Operator[] {
  return field.scope === 'intrinsic' ? intrinsicOperators[field.key] : operators;
}

function isIntrinsic(key: string, searched: Searched): key is IntrinsicKey {
  const keys: readonly string[] = searched === 'spans' ? intrinsicKeys : logKeys;
  return keys.includes(key);
}
