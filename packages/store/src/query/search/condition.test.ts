import fc from 'fast-check';
import { parseSearch } from '@sonde/model';
import { expect, test } from 'vitest';
import { anySearch } from '@sonde/model/testing/any-search';
import { isIndexed, searchCondition } from './condition.ts';

function condition(text: string) {
  const parsed = parseSearch(text);
  if (parsed.kind === 'problem') throw new Error(parsed.problem.message);
  return searchCondition(parsed.search.expression);
}

test('(1) nothing that was written is in the SQL', () => {
  // Every text and key of these holds a character that no SQL of ours does.
  const marked = fc.string({ unit: 'binary' }).map((text) => `${text}§'"\\`);
  const key = fc.oneof(
    fc.constantFrom(
      'service.name',
      'http.route',
      'http.response.status_code',
      '__proto__',
      'resource.__proto__',
      'constructor',
    ),
    marked.map((text) => `attribute.${text}`),
    marked.map((text) => `resource.${text}`),
  );
  fc.assert(
    fc.property(anySearch(key, marked), (expression) => {
      const { sql, types, params } = searchCondition(expression);
      expect(sql).toMatch(/^[a-z0-9A-Z_ (){}[\]:,<>=!']+$/);
      const used = [...sql.matchAll(/\{(\w+):([\w()]+)\}/g)].map(([, name, type]) => [name, type]);
      expect(Object.fromEntries(used)).toEqual(types);
      expect(Object.keys(params)).toEqual(Object.keys(types));
    }),
  );
});

test('(2) what is absent is 0, not NULL', () => {
  expect(condition('not retries > 5').sql).toBe(
    '(NOT (ifNull(toFloat64OrNull(toString(attributes[{search0:String}])) > {search1:Float64}, 0)))',
  );
});

test('equality with an attribute asks the text index, and the map only where an item is ambiguous', () => {
  expect(condition('user.id = u1').sql).toBe('(has(indexed_items, {search0:String}))');
  expect(condition('user.id = u1').params).toEqual({ search0: 'user.id=u1' });
  expect(condition('user.id = "a=b"').sql).toContain('AND attributes[{search1:String}] = ');
});

test('what the text index leaves out is looked up among all items', () => {
  expect(condition('db.query.text = x').sql).toBe('(has(attribute_items, {search0:String}))');
  expect(condition('user.id in (u1, u2)').sql).toBe('(hasAny(indexed_items, {search0:Array(String)}))');
  // 'user.id=' and the value: 256 bytes, and one more.
  const longest = 'ä'.repeat(124);
  expect(condition(`user.id = ${longest}`).sql).toContain('indexed_items');
  expect(condition(`user.id = ${longest}a`).sql).toContain('attribute_items');
  expect(condition(`user.id in (u1, ${longest}a)`).sql).toContain('attribute_items');
});

test('an index finds a search where it has all of one of its parts', () => {
  const found = (text: string) => {
    const parsed = parseSearch(text);
    return parsed.kind === 'search' && parsed.search.expression !== undefined && isIndexed(parsed.search.expression);
  };
  expect(found('user.id = u1')).toBe(true);
  expect(found('db.query.text = x')).toBe(false);
  expect(found('db.query.text = x and user.id = u1')).toBe(true);
  expect(found('db.query.text = x or user.id = u1')).toBe(false);
  expect(found(`user.id in (u1, ${'x'.repeat(249)})`)).toBe(false);
  expect(found('user.id != u1')).toBe(false);
});

test('promoted attributes are asked for in their columns', () => {
  expect(condition('http.route = /x').sql).toBe('(http_route = {search0:String})');
  expect(condition('http.response.status_code >= 500').sql).toContain('http_status_code >= ');
  expect(condition('http.response.status_code = 0200').sql).toContain('indexed_items');
  expect(condition('attribute.host.name = x').sql).toContain('indexed_items');
  expect(condition('host.id = x').sql).toContain('FROM resources');
});
