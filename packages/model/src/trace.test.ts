import { expect, test } from 'vitest';
import { spanKinds } from './index.ts';

test('span kinds stand at the numbers that OTLP gives them', () => {
  expect(spanKinds.indexOf('consumer')).toBe(5);
});
