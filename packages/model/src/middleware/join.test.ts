import { describe, expect, test } from 'vitest';
import { type ClientSide, joinMiddleware, type Reporter } from './join.ts';
import type { Machine } from './machines.ts';

/** `shop-1 (10.0.0.1, fd00::1)`, one a line. */
function machines(text: string): Machine[] {
  return lines(text).map((line) => {
    const [, name = '', id = '', addresses = ''] = /^([^\s(#]+)(?:#(\S+))?\s*(?:\((.*)\))?$/.exec(line) ?? [];
    return { name, id, addresses: addresses === '' ? [] : addresses.split(', ') };
  });
}

/** `redis at 127.0.0.1:6379 on shop-1`, with `has a, b` for its queues. */
function reporters(text: string): Reporter[] {
  return lines(text).map((line) => {
    const [, kind = '', address = '', port, host = '', id = '', has] =
      /^(\S+) at (\S+?)(?:;(\d+))? on ([^\s#]+)(?:#(\S+))?(?: has (.*))?$/.exec(line) ?? [];
    return {
      kind,
      address,
      port: port === undefined ? undefined : Number(port),
      host,
      hostId: id,
      ...(has !== undefined && { destinations: has.split(', ') }),
    };
  });
}

/** `redis at cache:6379 from shop-1, shop-2`; queues as `rabbitmq/orders`, remotes as `remote`; `?` for no address. */
function clients(text: string): ClientSide[] {
  return lines(text).map((line) => {
    const [, system = '', name, address = '', from] = /^([^\s/]+)(?:\/(\S+))? at (\S*?)(?: from (.*))?$/.exec(line) ?? [];
    return {
      seenAs: system === 'remote' ? 'remote' : name === undefined ? 'database' : 'queue',
      system: system === 'remote' ? '' : system,
      address: address === '?' ? '' : address,
      name: name ?? '',
      hosts: from?.split(', ') ?? [],
    };
  });
}

const lines = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Who is who, one line each: id, who reports it, who calls it. */
function who(given: { readonly machines?: string; readonly reporters?: string; readonly clients?: string }): string[] {
  const { machines: m = '', reporters: r = '', clients: c = '' } = given;
  return joinMiddleware(machines(m), reporters(r), clients(c)).map(
    ({ candidates, clients: called, id, reporters: by }) =>
      `${id} reports ${by.join(',') || '-'} calls ${called.join(',') || '-'}${candidates.length > 0 ? ` or ${candidates.join(' ')}` : ''}`,
  );
}

const two = `
  shop-1#a (10.0.0.1, fd00::1)
  shop-2#b (10.0.0.2)`;

describe('one machine by several names', () => {
  test.each([
    ['its name', 'redis at shop-1:6379 from shop-2'],
    ['its name in capitals', 'redis at SHOP-1:6379 from shop-2'],
    ['its full name, with the dot of the root', 'redis at shop-1.example.com.:6379 from shop-2'],
    ['its address', 'redis at 10.0.0.1:6379 from shop-2'],
    ['its address as IPv6 writes it', 'redis at ::ffff:10.0.0.1:6379 from shop-2'],
    ['its IPv6 address, in brackets', 'redis at [FD00:0::0001]:6379 from shop-2'],
    ['its IPv6 address, as rollups join it with the port', 'redis at fd00::1:6379 from shop-2'],
    ['the loopback address, on that machine', 'redis at 127.0.0.1:6379 from shop-1'],
    ['another loopback address', 'redis at 127.0.1.1:6379 from shop-1'],
    ['localhost', 'redis at localhost:6379 from shop-1'],
    ['::1', 'redis at ::1:6379 from shop-1'],
    ['no port: the usual one', 'redis at shop-1 from shop-2'],
    ['a Unix socket', 'redis at /var/run/redis.sock from shop-1'],
    ['a system that speaks the same protocol', 'valkey at shop-1:6379 from shop-2'],
    ['an address alone', 'remote at shop-1:6379 from shop-2'],
  ])('%s', (_, called) => {
    expect(who({ machines: two, reporters: 'redis at 127.0.0.1;6379 on shop-1', clients: called })).toEqual([
      'redis:shop-1:6379 reports 0 calls 0',
    ]);
  });

  test('the receiver may ask from another machine', () => {
    const reported = 'redis at 10.0.0.1;6379 on shop-2';
    expect(who({ machines: two, reporters: reported, clients: 'redis at localhost:6379 from shop-1' })).toEqual([
      'redis:shop-1:6379 reports 0 calls 0',
    ]);
  });

  test('asked by two machines, it is one', () => {
    const reported = 'redis at localhost;6379 on shop-1\nredis at shop-1;6379 on shop-2';
    expect(who({ machines: two, reporters: reported })).toEqual(['redis:shop-1:6379 reports 0,1 calls -']);
  });

  test('who reports by a full name is called by the short one', () => {
    const given = { machines: 'db.example.com#a (10.0.0.9)', reporters: 'postgresql at localhost;5432 on db.example.com' };
    expect(who({ ...given, clients: 'postgresql at db from app' })).toEqual([
      'postgresql:db.example.com:5432 reports 0 calls 0',
    ]);
  });
});

describe('not one', () => {
  test('loopback on two machines is two', () => {
    const reported = 'redis at 127.0.0.1;6379 on shop-1\nredis at 127.0.0.1;6379 on shop-2';
    const called = 'redis at 127.0.0.1:6379 from shop-1\nredis at 127.0.0.1:6379 from shop-2';
    expect(who({ machines: two, reporters: reported, clients: called })).toEqual([
      'redis:shop-1:6379 reports 0 calls 0',
      'redis:shop-2:6379 reports 1 calls 1',
    ]);
  });

  test('another port, another kind, another machine', () => {
    expect(
      who({
        machines: two,
        reporters: 'redis at 127.0.0.1;6380 on shop-1',
        clients: 'redis at shop-1 from shop-2\npostgresql at shop-1:6380 from shop-2\nredis at shop-2:6380 from shop-2',
      }),
    ).toEqual([
      'redis:shop-1:6380 reports 0 calls -',
      'redis:shop-1:6379 reports - calls 0',
      'postgresql:shop-1:6380 reports - calls 1',
      'redis:shop-2:6380 reports - calls 2',
    ]);
  });

  test('the name of a container, which no machine has', () => {
    expect(
      who({
        machines: `${two}\n3f2a9c`,
        reporters: 'redis at 127.0.0.1;6379 on shop-1',
        clients: 'redis at cache:6379 from 3f2a9c\nredis at 127.0.0.1:6379 from 3f2a9c\nredis at 172.18.0.4:6379 from 3f2a9c',
      }),
    ).toEqual([
      'redis:shop-1:6379 reports 0 calls -',
      'redis:cache:6379 reports - calls 0',
      'redis:3f2a9c:6379 reports - calls 1',
      'redis:172.18.0.4:6379 reports - calls 2',
    ]);
  });

  test('loopback of a caller whose machine is not known', () => {
    expect(who({ machines: two, reporters: 'redis at localhost;6379 on shop-1', clients: 'redis at localhost:6379' })).toEqual([
      'redis:shop-1:6379 reports 0 calls -',
      'redis:localhost:6379 reports - calls 0',
    ]);
  });

  test('an address alone at a port that is not where the kind serves; what is no middleware is left out', () => {
    const given = { machines: two, reporters: 'nginx at 127.0.0.1;8081 on shop-1' };
    expect(who({ ...given, clients: 'remote at shop-1:3000 from shop-2\nremote at bank.example:443 from shop-2' })).toEqual([
      'nginx:shop-1:8081 reports 0 calls -',
    ]);
    expect(who({ ...given, clients: 'remote at shop-1:443 from shop-2' })).toEqual(['nginx:shop-1:8081 reports 0 calls 0']);
  });
});

describe('what could be two is neither, and said', () => {
  test('an address that two machines have; but who has it itself means itself', () => {
    const given = {
      machines: 'node-1#a (172.17.0.1)\nnode-2#b (172.17.0.1)\nnode-3#c',
      reporters: 'redis at 127.0.0.1;6379 on node-1\nredis at 172.17.0.1;6379 on node-2',
    };
    const candidates = 'redis:node-1:6379 redis:node-2:6379';
    expect(who({ ...given, clients: 'redis at 172.17.0.1:6379 from node-3' })).toEqual([
      'redis:node-1:6379 reports 0 calls -',
      'redis:node-2:6379 reports 1 calls -',
      `redis:172.17.0.1:6379 reports - calls 0 or ${candidates}`,
    ]);
    expect(who({ ...given, clients: 'redis at 172.17.0.1:6379 from node-2' })[1]).toBe('redis:node-2:6379 reports 1 calls 0');
    expect(who({ ...given, clients: 'redis at 172.17.0.1:6379 from node-1, node-2' })[2]).toContain(` or ${candidates}`);
  });

  test('one of the two reports: still nobody knows whether it is meant', () => {
    const given = { machines: 'node-1#a (172.17.0.1)\nnode-2#b (172.17.0.1)', reporters: 'redis at localhost;6379 on node-1' };
    expect(who({ ...given, clients: 'redis at 172.17.0.1:6379 from elsewhere' })[1]).toContain('or redis:node-1:6379');
  });

  test('two machines of one name', () => {
    const given = {
      machines: 'debian#a\ndebian#b',
      reporters: 'redis at localhost;6379 on debian#a\nredis at localhost;6379 on debian#b',
    };
    expect(who({ ...given, clients: 'redis at localhost:6379 from debian' })).toEqual([
      'redis:debian#a:6379 reports 0 calls -',
      'redis:debian#b:6379 reports 1 calls -',
      'redis:localhost:6379 reports - calls 0 or redis:debian#a:6379 redis:debian#b:6379',
    ]);
  });

  test('a short name that two full names begin with', () => {
    const given = { machines: 'db.a.example#a\ndb.b.example#b', reporters: 'mysql at localhost;3306 on db.a.example' };
    expect(who({ ...given, clients: 'mariadb at db:3306 from app' })[1]).toContain('or mysql:db.a.example:3306');
  });

  test('a name of a container on two machines; one with a dot is the same everywhere', () => {
    const given = (name: string) => ({
      machines: two,
      reporters: `redis at ${name};6379 on shop-1\nredis at ${name};6379 on shop-2`,
      clients: `redis at ${name}:6379 from shop-1`,
    });
    expect(who(given('cache'))[2]).toBe(
      'redis:cache:6379 reports - calls 0 or redis:cache@shop-1:6379 redis:cache@shop-2:6379',
    );
    expect(who(given('cache.internal'))).toEqual(['redis:cache.internal:6379 reports 0,1 calls 0']);
  });
});

describe('queues', () => {
  const broker = { machines: two, reporters: 'rabbitmq at 127.0.0.1;15672 on shop-1 has orders, mails' };

  test('its management port is not where clients ask', () => {
    expect(who({ ...broker, clients: 'rabbitmq/orders at shop-1:5672 from shop-2' })).toEqual([
      'rabbitmq:shop-1:15672 reports 0 calls 0',
    ]);
  });

  test('who says no address is known by the name of the queue, where one broker alone has it', () => {
    expect(who({ ...broker, clients: 'rabbitmq/orders at ?\nrabbitmq/other at ?' })).toEqual([
      'rabbitmq:shop-1:15672 reports 0 calls 0',
      'rabbitmq reports - calls 1',
    ]);
    const both = `${broker.reporters}\nrabbitmq at 127.0.0.1;15672 on shop-2 has orders`;
    expect(who({ ...broker, reporters: both, clients: 'rabbitmq/orders at ?' })[2]).toBe(
      'rabbitmq reports - calls 0 or rabbitmq:shop-1:15672 rabbitmq:shop-2:15672',
    );
  });
});
