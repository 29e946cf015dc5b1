/**
 * How often each value of each key occurs, on two sides at once: spans that are selected, and the rest. What facets (all are of the rest) and
 * comparisons are made of. `spans`: a SELECT of `selected` and `valueColumns`, bounded by those who write it.
 */
import { type Field, fieldKey, numberBuckets, spanKinds, statusCodes } from '@sonde/model';
import { attributeColumns, kindNumber, numberColumns, resourceColumns, statusNumber, wordOf } from './fields.ts';

/** Keys that are answered for: those that most of the spans have. */
export const countedKeysMax = 500;

/** What is longer is cut, and ends in an ellipsis: like begins with like. */
const valueCharactersMax = 256;
const valueBytesMax = 1024;

/** Of a key, the values that are answered with. */
export const countedValuesMax = 100;

/** More than these are distinct numbers no reader tells apart; they are bucketed. */
const numbersMax = 20;

const scopes = ['intrinsic', 'resource', 'attribute'] as const;
type KeyScope = (typeof scopes)[number];

const olderNames: readonly string[] = ['deployment.environment'];
const ofResources = Object.entries(resourceColumns).filter(([key]) => !olderNames.includes(key));

/** Of each span: scope, key, value. */
const columnItems = [
  ['intrinsic', 'name', 'CAST(name AS String)'],
  ['intrinsic', 'status', wordOf(statusCodes, statusNumber)],
  ['intrinsic', 'kind', wordOf(spanKinds, kindNumber)],
  ...ofResources.map(([key, column]) => ['resource', key, `CAST(${column} AS String)`] as const),
  ...Object.entries(attributeColumns).map(([key, column]) => ['attribute', key, `CAST(${column} AS String)`] as const),
  ...Object.entries(numberColumns).map(
    ([key, column]) => ['attribute', key, `if(${column} = 0, '', toString(${column}))`] as const,
  ),
] as const;

/** What `spans` must select besides `selected`. */
export const valueColumns = [
  'name',
  'status_code',
  'kind',
  'attributes',
  'resource_id',
  ...ofResources.map(([, column]) => column),
  ...Object.values(attributeColumns),
  ...Object.values(numberColumns),
].join(', ');

function keyList(keys: readonly string[]): string {
  return `[${keys.map((key) => `'${key}'`).join(', ')}]`;
}

const inColumns = keyList([...Object.keys(attributeColumns), ...Object.keys(numberColumns)]);
const resourcesInColumns = keyList(Object.keys(resourceColumns));

const scopeNumber = (scope: KeyScope) => `toUInt8(${scopes.indexOf(scope)})`;

function spanItems(spans: string): string {
  const columns = columnItems.map(([scope, key, value]) => `(${scopeNumber(scope)}, '${key}', ${value})`).join(', ');
  const own = `arrayMap((k, v) -> (${scopeNumber('attribute')}, CAST(k AS String), v), mapKeys(attributes), mapValues(attributes))`;
  return `
    SELECT item.1 AS scope, item.2 AS item_key, item.3 AS item_value, countIf(selected) AS own, countIf(NOT selected) AS others
    FROM (
      SELECT selected, arrayJoin(arrayConcat([${columns}], arrayFilter(one -> NOT has(${inColumns}, one.2), ${own}))) AS item
      FROM (${spans})
    )
    GROUP BY scope, item_key, item_value`;
}

function resourceItems(spans: string): string {
  return `
    SELECT ${scopeNumber('resource')} AS scope, item_key, item_value, sum(used.own) AS own, sum(used.others) AS others
    FROM (SELECT resource_id, countIf(selected) AS own, countIf(NOT selected) AS others FROM (${spans}) GROUP BY resource_id) AS used
    INNER JOIN (
      SELECT resource_id, any(attributes) AS known FROM resources GROUP BY resource_id
    ) AS resource USING (resource_id)
    ARRAY JOIN mapKeys(known) AS item_key, mapValues(known) AS item_value
    WHERE NOT has(${resourcesInColumns}, item_key)
    GROUP BY item_key, item_value`;
}

const { perOctave, offset, max } = numberBuckets;

/** As numberBucket of the model has it. */
const bucket = `if(number = 0, 0, toInt32(sign(number)) * toInt32(least(greatest(floor(log2(abs(number)) * ${perOctave}) + ${offset}, 1), ${max})))`;

export const valueCountTypes = { selectionSize: 'Float64', restSize: 'Float64', valuesMax: 'UInt32' } as const;

export const valueCountRow = {
  scope: 'UInt8',
  searchKey: 'String',
  selectionCount: 'Float64',
  restCount: 'Float64',
  distinctValues: 'Float64',
  topValues: 'Array(String)',
  topSelection: 'Array(Float64)',
  topRest: 'Array(Float64)',
  numberBuckets: 'Array(Int32)',
  bucketSelection: 'Array(Float64)',
  bucketRest: 'Array(Float64)',
} as const;

/**
 * A row for each key. Of its values those, `valuesMax` at most, whose counts as shares of the two sizes are furthest apart; where there are
 * many and all are numbers, also how many lie in each bucket. Aggregates over states of bounded size, after one that holds each value once.
 */
export function valueCounts(spans: string): string {
  const value = `if(length(item_value) > ${valueBytesMax}, concat(leftUTF8(item_value, ${valueCharactersMax}), '…'), item_value)`;
  return `
SELECT scope, item_key AS searchKey, toFloat64(own_sum) AS selectionCount, toFloat64(others_sum) AS restCount, toFloat64(values) AS distinctValues,
  arraySlice(furthest.2, 1, {valuesMax:UInt32}) AS topValues, arraySlice(furthest.3, 1, {valuesMax:UInt32}) AS topSelection,
  arraySlice(furthest.4, 1, {valuesMax:UInt32}) AS topRest,
  if(is_number, CAST(buckets.1 AS Array(Int32)), []) AS numberBuckets, if(is_number, buckets.2, []) AS bucketSelection, if(is_number, buckets.3, []) AS bucketRest
FROM (
  SELECT scope, item_key, sum(own) AS own_sum, sum(others) AS others_sum, count() AS values,
    groupArraySorted(${countedValuesMax})((-abs(own / {selectionSize:Float64} - others / {restSize:Float64}), item_value, toFloat64(own), toFloat64(others))) AS furthest,
    count() > ${numbersMax} AND countIf(NOT isFinite(number)) = 0 AS is_number,
    sumMapIf([${bucket}], [toFloat64(own)], [toFloat64(others)], isFinite(number)) AS buckets
  FROM (
    SELECT scope, item_key, cut_value AS item_value, own, others, ifNull(toFloat64OrNull(cut_value), nan) AS number
    FROM (
      SELECT scope, item_key, ${value} AS cut_value, sum(own) AS own, sum(others) AS others
      FROM (${spanItems(spans)}
        UNION ALL ${resourceItems(spans)}
      )
      WHERE item_value != ''
      GROUP BY scope, item_key, cut_value
    )
  )
  GROUP BY scope, item_key
)
ORDER BY selectionCount + restCount DESC, scope, searchKey
LIMIT ${countedKeysMax}`;
}

/** The key as it is to be written in a search. */
export function countedKeyOf({ scope: number, searchKey }: { readonly scope: number; readonly searchKey: string }) {
  const scope = scopes[number] ?? 'attribute';
  return { key: fieldKey({ scope, key: searchKey } as Field), scope };
}
