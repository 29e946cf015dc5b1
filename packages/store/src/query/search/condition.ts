/**
 * An expression of the search language as a condition on a row of a table.
 *
 * Invariants, each defended by the test of the same number in condition.test.ts:
 *  (1) Nothing of the text is in the SQL: values and keys are parameters, columns and operators come from closed lists.
 *  (2) The condition is 0 or 1, never NULL, so that `not` is the complement.
 */
import { type Condition, type Expression, type Field, type SearchValue, spanKinds, statusCodes } from '@sonde/model';
import { isIndexedItem } from '../../schema/0011-measured-codecs.ts';
import type { Types } from '../define.ts';
import { columnOf, kindNumber, numberColumnOf, type Place, placeInMap, placeOf, statusNumber } from './fields.ts';

export interface SearchCondition {
  readonly sql: string;
  readonly types: Types;
  readonly params: Readonly<Record<string, unknown>>;
}

/** The SQL of a value that becomes a parameter. */
export type Bind = (value: unknown, type: string) => string;

/** What differs between the tables that are searched. All have the columns of a resource, `attributes` and `attribute_items`. */
export interface SearchedTable {
  readonly word: (text: string, bind: Bind) => string;
  /** A condition on a part of the row that is no attribute. */
  readonly intrinsic: (condition: FieldCondition, bind: Bind) => string;
  /** Whether attributes have columns of their own. */
  readonly promoted: boolean;
  /** The column that has these `key=value`, where one of a row can be found by an index that has them all. */
  readonly itemsColumn: (items: readonly string[]) => string;
}

const spansTable: SearchedTable = {
  word: (text, bind) => `(positionCaseInsensitiveUTF8(name, ${bind(text, 'String')}) > 0)`,
  intrinsic: onSpan,
  promoted: true,
  itemsColumn: (items) => (items.every(isIndexedItem) ? 'indexed_items' : 'attribute_items'),
};

export const everything: SearchCondition = { sql: '1', types: {}, params: {} };

/** `prefix`: of the parameters' names, where a question holds two searches. */
export function searchCondition(expression: Expression | undefined, prefix = 'search', table = spansTable): SearchCondition {
  if (expression === undefined) return everything;
  const types: Record<string, string> = {};
  const params: Record<string, unknown> = {};
  const bind: Bind = (value, type) => {
    const parameter = `${prefix}${Object.keys(params).length}`;
    types[parameter] = type;
    params[parameter] = value;
    return `{${parameter}:${type}}`;
  };
  return { sql: sqlOf(expression, bind, table), types, params };
}

function sqlOf(expression: Expression, bind: Bind, table: SearchedTable): string {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return `(${expression.parts.map((part) => sqlOf(part, bind, table)).join(expression.kind === 'and' ? ' AND ' : ' OR ')})`;
    case 'not':
      return `(NOT ${sqlOf(expression.part, bind, table)})`;
    case 'word':
      return table.word(expression.text, bind);
    default:
      return `(${onField(expression, bind, table)})`;
  }
}

export type FieldCondition = Exclude<Condition, { kind: 'word' }>;

function onField(condition: FieldCondition, bind: Bind, table: SearchedTable): string {
  const { field } = condition;
  if (field.scope === 'intrinsic') return table.intrinsic(condition, bind);
  if (field.scope === 'resource' && columnOf(field) === undefined) {
    const known = onText(condition, placeInMap(bind(field.key, 'String')), bind);
    // A resource lies on a shard of its own, whatever the scope of the question's other subqueries.
    return `resource_id GLOBAL IN (SELECT resource_id FROM resources WHERE ${known})`;
  }
  if (field.scope === 'attribute' && !table.promoted) {
    return onItems(condition, bind, table) ?? onText(condition, placeInMap(bind(field.key, 'String')), bind);
  }
  const indexed =
    onNumberColumn(condition, bind) ?? (columnOf(field) === undefined ? onItems(condition, bind, table) : undefined);
  if (indexed !== undefined) return indexed;
  return onText(condition, placeOf(field, columnOf(field) === undefined ? bind(field.key, 'String') : ''), bind);
}

const comparisonSql = { '=': '=', '!=': '!=', '>': '>', '>=': '>=', '<': '<', '<=': '<=' } as const;
type Compared = keyof typeof comparisonSql;

export interface NumberPlace {
  readonly sql: string;
  readonly type: string;
  readonly of: (value: SearchValue) => bigint | number;
}

const numbers: Readonly<Record<'duration' | 'status' | 'kind', NumberPlace>> = {
  duration: { sql: 'duration_ns', type: 'UInt64', of: (value) => BigInt(value) },
  status: { sql: statusNumber, type: 'UInt8', of: (value) => statusCodes.findIndex((code) => code === value) },
  kind: { sql: kindNumber, type: 'UInt8', of: (value) => spanKinds.findIndex((kind) => kind === value) },
};

function onSpan(condition: FieldCondition, bind: Bind): string {
  const { key } = condition.field;
  if (key === 'trace.id') return onId(condition, 'trace_id', 16, bind);
  return key === 'duration' || key === 'status' || key === 'kind'
    ? onNumber(condition, numbers[key], bind)
    : onText(condition, placeOf(condition.field, ''), bind);
}

/** An id of this many bytes, 0 where there is none. */
export function onId(condition: FieldCondition, column: 'trace_id' | 'span_id', bytes: 8 | 16, bind: Bind): string {
  if (condition.kind === 'exists') return condition.wanted ? '1' : '0';
  const isOne = (ids: readonly SearchValue[]) =>
    `${column} IN (SELECT toFixedString(unhex(arrayJoin(${bind(ids, 'Array(String)')})), ${bytes}))`;
  if (condition.kind === 'in') return isOne(condition.values);
  return condition.operator === '!=' ? `NOT ${isOne([condition.value])}` : isOne([condition.value]);
}

export function onNumber(condition: FieldCondition, { sql, type, of }: NumberPlace, bind: Bind): string {
  if (condition.kind === 'exists') return condition.wanted ? '1' : '0';
  if (condition.kind === 'in') return `has(${bind(condition.values.map(of), `Array(${type})`)}, ${sql})`;
  return `${sql} ${comparisonSql[condition.operator as Compared]} ${bind(of(condition.value), type)}`;
}

/** Whole numbers and order, where a column holds the number. */
function onNumberColumn(condition: FieldCondition, bind: Bind): string | undefined {
  const number = numberColumnOf(condition.field);
  if (number === undefined || condition.kind !== 'compare') return undefined;
  const { operator, value } = condition;
  if (typeof value === 'number') {
    return `${number} != 0 AND ${number} ${comparisonSql[operator as Compared]} ${bind(value, 'Float64')}`;
  }
  if (operator !== '=' || !/^[1-9]\d{0,4}$/.test(value) || Number(value) > 65_535) return undefined;
  return `${number} = ${bind(Number(value), 'UInt16')}`;
}

/** Whether an index finds the matching spans without a look at the others. */
export function isIndexed(expression: Expression): boolean {
  switch (expression.kind) {
    case 'and':
      return expression.parts.some(isIndexed);
    case 'or':
      return expression.parts.every(isIndexed);
    case 'compare':
    case 'in': {
      const { field } = expression;
      if (expression.kind === 'compare' && expression.operator !== '=') return false;
      if (field.key === 'trace.id') return true;
      const values = expression.kind === 'in' ? expression.values : [expression.value];
      return (
        field.scope === 'attribute' &&
        columnOf(field) === undefined &&
        values.every((value) => isIndexedItem(itemOf(field, value)))
      );
    }
    default:
      return false;
  }
}

/** Equality with an attribute of the row, by the text index of `key=value` items where it has them. */
function onItems(condition: FieldCondition, bind: Bind, { itemsColumn }: SearchedTable): string | undefined {
  const { field } = condition;
  if (field.scope !== 'attribute') return undefined;
  const inMap = () => placeInMap(bind(field.key, 'String')).text;
  if (condition.kind === 'compare' && condition.operator === '=') {
    const { value } = condition;
    const item = itemOf(field, value);
    const found = `has(${itemsColumn([item])}, ${bind(item, 'String')})`;
    return isSharedItem(field, value) ? `${found} AND ${inMap()} = ${bind(value, 'String')}` : found;
  }
  if (condition.kind !== 'in') return undefined;
  const { values } = condition;
  const items = values.map((value) => itemOf(field, value));
  const found = `hasAny(${itemsColumn(items)}, ${bind(items, 'Array(String)')})`;
  const isShared = values.some((value) => isSharedItem(field, value));
  return isShared ? `${found} AND has(${bind(values, 'Array(String)')}, ${inMap()})` : found;
}

function itemOf(field: Field, value: SearchValue): string {
  return `${field.key}=${value}`;
}

/** `a=b` of `c` and `a` of `b=c` are one item. */
function isSharedItem(field: Field, value: SearchValue): boolean {
  return field.key.includes('=') || String(value).includes('=');
}

/** What is absent is neither equal nor unequal to anything. */
export function onText(condition: FieldCondition, { text, present }: Place, bind: Bind): string {
  if (condition.kind === 'exists') return condition.wanted ? present : `NOT ${present}`;
  if (condition.kind === 'in') {
    const isOne = `has(${bind(condition.values, 'Array(String)')}, ${text})`;
    return condition.values.includes('') ? `${present} AND ${isOne}` : isOne;
  }
  const { operator, value } = condition;
  switch (operator) {
    case '=':
      return value === '' ? `${present} AND ${text} = ${bind('', 'String')}` : `${text} = ${bind(value, 'String')}`;
    case '!=':
      return `${present} AND ${text} != ${bind(value, 'String')}`;
    case '~':
      return `${present} AND match(${text}, ${bind(value, 'String')})`;
    case '!~':
      return `${present} AND NOT match(${text}, ${bind(value, 'String')})`;
    default:
      return `ifNull(toFloat64OrNull(toString(${text})) ${comparisonSql[operator]} ${bind(value, 'Float64')}, 0)`;
  }
}
