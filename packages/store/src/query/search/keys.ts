import type { listSearchKeys } from '@sonde/api';
import { fieldKey, intrinsicKeys } from '@sonde/model';
import type { Static } from 'typebox';
import type { Engine } from '../../engine/types.ts';
import { ask, defineQuery } from '../define.ts';
import { rangeParams, rangeTypes, type TimeRange } from '../range.ts';
import { beginsWithPrefix, newestPart, newestSpans } from './newest-spans.ts';

const params = { ...rangeTypes, prefix: 'String', limit: 'UInt32' } as const;
const row = { searchKey: 'String', spanCount: 'Float64' } as const;

const best = `
GROUP BY searchKey
ORDER BY spanCount DESC, searchKey
LIMIT {limit:UInt32}`;

export const attributeKeysQuery = defineQuery({
  name: 'attributeKeys',
  params,
  row,
  sql: `
SELECT CAST(attribute_key AS String) AS searchKey, toFloat64(count()) AS spanCount
FROM (${newestSpans('attributes.keys AS attribute_keys')})
ARRAY JOIN attribute_keys AS attribute_key
WHERE ${beginsWithPrefix('attribute_key')}${best}`,
});

export const resourceKeysQuery = defineQuery({
  name: 'resourceKeys',
  params,
  row,
  sql: `
SELECT attribute_key AS searchKey, toFloat64(sum(spans)) AS spanCount
FROM (SELECT resource_id, count() AS spans FROM (${newestSpans('resource_id')}) GROUP BY resource_id) AS used
INNER JOIN (SELECT DISTINCT resource_id, mapKeys(attributes) AS attribute_keys FROM resources) AS known USING (resource_id)
ARRAY JOIN attribute_keys AS attribute_key
WHERE ${beginsWithPrefix('attribute_key')}${best}`,
});

/** How many spans completion looks at. */
export const newestSpansQuery = defineQuery({
  name: 'newestSpans',
  params: rangeTypes,
  row: { spanCount: 'Float64' },
  sql: `SELECT toFloat64(count()) AS spanCount FROM (${newestSpans('kind')})`,
});

type KeysReply = Static<typeof listSearchKeys.reply>;

/** Keys that begin with the prefix, as they are to be written. After `resource.` or `attribute.` only the keys of that scope. */
export async function searchKeys(engine: Engine, range: TimeRange, prefix: string, limit: number): Promise<KeysReply> {
  const scope = (['resource', 'attribute'] as const).find((one) => prefix.startsWith(`${one}.`));
  const part = rangeParams(await newestPart(engine, range));
  const asked = { ...part, prefix: scope === undefined ? prefix : prefix.slice(scope.length + 1), limit };
  const [[all], attributes, resources] = await Promise.all([
    ask(engine, newestSpansQuery, part),
    scope === 'resource' ? [] : ask(engine, attributeKeysQuery, asked),
    scope === 'attribute' ? [] : ask(engine, resourceKeysQuery, asked),
  ]);
  const spansRead = all?.spanCount ?? 0;
  const written = (own: 'attribute' | 'resource', key: string) =>
    scope === undefined ? fieldKey({ scope: own, key }) : `${scope}.${key}`;
  const items = [
    ...intrinsicKeys
      .filter((key) => key.startsWith(prefix.toLowerCase()))
      .map((key) => ({ key, scope: 'intrinsic' as const, count: spansRead })),
    ...attributes.map((one) => ({
      key: written('attribute', one.searchKey),
      scope: 'attribute' as const,
      count: one.spanCount,
    })),
    ...resources.map((one) => ({ key: written('resource', one.searchKey), scope: 'resource' as const, count: one.spanCount })),
  ];
  return {
    range,
    spansRead,
    items: items
      .filter((item) => item.key !== '')
      .toSorted((a, b) => b.count - a.count)
      .slice(0, limit),
  };
}
