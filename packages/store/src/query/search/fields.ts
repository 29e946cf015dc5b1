import { type Field, spanKinds, statusCodes } from '@sonde/model';

/**
 * Where a field's value stands. `text`: an expression that is the value, or empty where there is none; `present`: whether there is one.
 * `key` is bound by those who use them; nothing else here comes from outside.
 */
export interface Place {
  readonly text: string;
  readonly present: string;
}

/** Resource attributes that stand in each row of spans. */
export const resourceColumns: Readonly<Record<string, string>> = {
  'service.name': 'service',
  'service.namespace': 'namespace',
  'service.version': 'version',
  'service.instance.id': 'instance',
  'deployment.environment.name': 'environment',
  'deployment.environment': 'environment',
  'host.name': 'host',
};

/** Span attributes with a column of their own (schema/0001-spans.ts), which holds what older names of them said too. */
export const attributeColumns: Readonly<Record<string, string>> = {
  'http.request.method': 'http_request_method',
  'http.route': 'http_route',
  'server.address': 'server_address',
  'db.system.name': 'db_system',
  'db.namespace': 'db_namespace',
  'db.operation.name': 'db_operation',
  'db.collection.name': 'db_collection',
  'messaging.system': 'messaging_system',
  'messaging.destination.name': 'messaging_destination',
};

export const numberColumns: Readonly<Record<string, string>> = {
  'http.response.status_code': 'http_status_code',
  'server.port': 'server_port',
};

/** A number that OTLP does not know is to be taken for the first of the list (proto3, unknown enum values). */
export const statusNumber = `if(status_code < ${statusCodes.length}, status_code, 0)`;
export const kindNumber = `if(kind < ${spanKinds.length}, kind, 0)`;

/** The word for a number that counts from 0. */
export function wordOf(words: readonly string[], number: string): string {
  return `arrayElement([${words.map((word) => `'${word}'`).join(', ')}], ${number} + 1)`;
}

const name: Place = { text: 'name', present: '1' };

/** Of a name or an attribute. `key` is SQL for the attribute's key, for fields without a column. */
export function placeOf(field: Field, key: string): Place {
  if (field.scope === 'intrinsic') return name;
  const column = columnOf(field);
  return column === undefined ? placeInMap(key) : { text: column, present: `${column} != ''` };
}

/** Of an attribute in a column `attributes`, of spans or of resources. */
export function placeInMap(key: string): Place {
  return { text: `attributes[${key}]`, present: `mapContains(attributes, ${key})` };
}

/** The column that is the field's own. */
export function columnOf(field: Field): string | undefined {
  if (field.scope === 'intrinsic') return field.key === 'name' ? 'name' : undefined;
  return own(field.scope === 'resource' ? resourceColumns : attributeColumns, field.key);
}

/** The column that holds the field as a whole number of 1 to 65,535; 0 is none. */
export function numberColumnOf(field: Field): string | undefined {
  return field.scope === 'attribute' ? own(numberColumns, field.key) : undefined;
}

/** Keys come from outside: `__proto__` is one like any other. */
function own(table: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
