import type { listSearchValues } from '@sonde/api';
import { type Field, spanKinds, statusCodes } from '@sonde/model';
import type { Static } from 'typebox';
import type { Engine } from '../../engine/types.ts';
import { ask, defineQuery } from '../define.ts';
import { rangeParams, rangeTypes, type TimeRange } from '../range.ts';
import { columnOf, kindNumber, placeInMap, placeOf, statusNumber, wordOf } from './fields.ts';
import { newestSpansQuery } from './keys.ts';
import { beginsWithPrefix, newestPart, newestSpans } from './newest-spans.ts';

/** What is longer is nothing to choose from a list. */
const valueBytesMax = 1024;

const params = { ...rangeTypes, key: 'String', prefix: 'String', limit: 'UInt32' } as const;
const row = { searchValue: 'String', spanCount: 'Float64' } as const;

const chosen = `
WHERE found != '' AND length(found) <= ${valueBytesMax} AND ${beginsWithPrefix('found')}
GROUP BY searchValue
ORDER BY spanCount DESC, searchValue
LIMIT {limit:UInt32}`;

/** `value`: an expression over spans, made of closed lists and the parameter `key`. */
export function spanValuesQuery(value: string) {
  return defineQuery({
    name: 'spanValues',
    params,
    row,
    sql: `
SELECT CAST(found AS String) AS searchValue, toFloat64(count()) AS spanCount
FROM (${newestSpans(`${value} AS found`)})${chosen}`,
  });
}

export const resourceValuesQuery = defineQuery({
  name: 'resourceValues',
  params,
  row,
  sql: `
SELECT found AS searchValue, toFloat64(sum(spans)) AS spanCount
FROM (SELECT resource_id, count() AS spans FROM (${newestSpans('resource_id')}) GROUP BY resource_id) AS used
INNER JOIN (SELECT DISTINCT resource_id, ${placeInMap('{key:String}').text} AS found FROM resources) AS known USING (resource_id)${chosen}`,
});

/** Undefined: the values of this field are as many as there are spans. */
export function spanValue(field: Field): string | undefined {
  if (field.scope !== 'intrinsic' || field.key === 'name') return placeOf(field, '{key:String}').text;
  if (field.key === 'status') return wordOf(statusCodes, statusNumber);
  return field.key === 'kind' ? wordOf(spanKinds, kindNumber) : undefined;
}

type ValuesReply = Static<typeof listSearchValues.reply>;

/** Values of the field that begin with the prefix, the most common first. */
export async function searchValues(
  engine: Engine,
  range: TimeRange,
  field: Field,
  prefix: string,
  limit: number,
): Promise<ValuesReply> {
  const inMap = field.scope === 'resource' && columnOf(field) === undefined;
  const value = spanValue(field);
  if (value === undefined) return { range, spansRead: 0, items: [] };
  const part = rangeParams(await newestPart(engine, range));
  const [[all], found] = await Promise.all([
    ask(engine, newestSpansQuery, part),
    ask(engine, inMap ? resourceValuesQuery : spanValuesQuery(value), { ...part, key: field.key, prefix, limit }),
  ]);
  const items = found.map(({ searchValue, spanCount }) => ({ value: searchValue, count: spanCount }));
  return { range, spansRead: all?.spanCount ?? 0, items };
}
