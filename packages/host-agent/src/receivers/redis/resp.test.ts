import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NotResp, parseReply, type Reply, ReplyError, toCommand } from './resp.ts';

const all = (text: string): Reply | undefined => parseReply(Buffer.from(text))?.reply;

test('each kind of reply', () => {
  expect(all('+OK\r\n')).toBe('OK');
  expect(all(':-3\r\n')).toBe(-3);
  expect(all('$5\r\na\r\nbc\r\n')).toBe('a\r\nbc');
  expect(all('$-1\r\n')).toBeNull();
  expect(all('*-1\r\n')).toBeNull();
  expect(all('*0\r\n')).toEqual([]);
  expect(all('-NOAUTH Authentication required.\r\n')).toEqual(new ReplyError('NOAUTH Authentication required.'));
  expect(all('*2\r\n*2\r\n:14\r\n$3\r\nset\r\n$3\r\nä!\r\n')).toEqual([[14, 'set'], 'ä!']);
});

test('nothing as long as a part is missing, wherever it is cut', () => {
  const text = '*3\r\n:1\r\n*2\r\n$3\r\nget\r\n$1\r\na\r\n+OK\r\n';
  for (let bytes = 0; bytes < text.length; bytes++) expect(all(text.slice(0, bytes))).toBeUndefined();
  expect(parseReply(Buffer.from(`${text}:1\r\n`))).toEqual({ reply: [1, ['get', 'a'], 'OK'], end: text.length });
});

test.each(['HTTP/1.1 400 Bad Request\r\n', '$many\r\n', ':\r\n', '*1\r\n'.repeat(20)])('something else: %j', (text) => {
  expect(() => all(text)).toThrow(NotResp);
});

test('any bytes: a reply, nothing yet, or NotResp', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.constantFrom('$', '*', ':', ''), (bytes, kind) => {
      try {
        parseReply(Buffer.concat([Buffer.from(kind), bytes, Buffer.from('\r\n')]));
      } catch (error) {
        expect(error).toBeInstanceOf(NotResp);
      }
    }),
  );
});

test('a command is an array of texts, counted in bytes', () => {
  expect(all(toCommand(['AUTH', 'sonde', 'pä\r\n$9']))).toEqual(['AUTH', 'sonde', 'pä\r\n$9']);
});
