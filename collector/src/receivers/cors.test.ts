import { describe, expect, it } from 'vitest';
import { corsHeaders, preflightHeaders } from './cors.ts';

const shop = 'https://shop.example';
const ask = (origin: string, headers = 'content-type') => ({
  origin,
  'access-control-request-method': 'POST',
  'access-control-request-headers': headers,
});

describe('the headers of every answer', () => {
  it('name the origin that is on the list, and no other', () => {
    expect(corsHeaders([shop, 'http://localhost:5173'], { origin: shop })).toEqual({
      vary: 'Origin',
      'access-control-allow-origin': shop,
      'access-control-expose-headers': 'Retry-After',
    });
    for (const origin of ['https://shop.example.evil.test', 'http://shop.example', 'https://shop.example:8443', 'null', '*']) {
      expect(corsHeaders([shop], { origin })).toEqual({ vary: 'Origin' });
    }
    expect(corsHeaders([shop], {})).toEqual({ vary: 'Origin' });
  });

  it('are the same for every page where every page is allowed', () => {
    const expected = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'Retry-After' };
    for (const origin of [shop, 'null']) expect(corsHeaders(['*'], { origin })).toEqual(expected);
    expect(corsHeaders(['*'], {})).toEqual({});
  });

  it('are none where no page is allowed', () => {
    expect(corsHeaders([], { origin: shop })).toEqual({});
  });
});

describe('a preflight', () => {
  it('of an allowed origin is told what it may send', () => {
    const headers = preflightHeaders([shop], 'OPTIONS', ask(shop, 'Content-Type, X-Api-Key'));
    expect(headers).toMatchObject({ 'access-control-allow-methods': 'POST', 'access-control-max-age': '7200' });
    expect(headers?.['access-control-allow-headers']?.split(', ')).toEqual(
      expect.arrayContaining(['content-type', 'content-encoding', 'traceparent', 'x-api-key']),
    );
  });

  it('is told of no header that is not of the kind', () => {
    const headers = preflightHeaders([shop], 'OPTIONS', ask(shop, `cookie, x-ok, x-\r\ninjected: 1, x-${'y'.repeat(200)}`));
    expect(headers?.['access-control-allow-headers']).toMatch(/b3, x-ok$/);
  });

  it('is none without an allowed origin, the method or the question', () => {
    expect(preflightHeaders([shop], 'OPTIONS', ask('https://other.example'))).toBeUndefined();
    expect(preflightHeaders([], 'OPTIONS', ask(shop))).toBeUndefined();
    expect(preflightHeaders([shop], 'POST', ask(shop))).toBeUndefined();
    expect(preflightHeaders([shop], 'OPTIONS', { origin: shop })).toBeUndefined();
  });
});
