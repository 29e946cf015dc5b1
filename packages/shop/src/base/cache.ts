import { Redis } from 'ioredis';
import type { Logger } from 'pino';

/** A cache may be absent or away: then everything is a miss, and nothing fails because of it. */
export interface Cache {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string, seconds: number): Promise<void>;
  drop(key: string): Promise<void>;
  close(): Promise<void>;
}

export function createCache(url: string | undefined, log: Logger): Cache {
  return url === undefined ? noCache : redisCache(url, log);
}

const noCache: Cache = {
  get: async () => undefined,
  set: async () => undefined,
  drop: async () => undefined,
  close: async () => undefined,
};

function redisCache(url: string, log: Logger): Cache {
  const redis = new Redis(url, { maxRetriesPerRequest: 0, enableOfflineQueue: false, commandTimeout: 500 });
  redis.on('error', (error) => log.warn({ err: error }, 'the cache cannot be reached'));
  const unlessAway = async <Result>(command: Promise<Result>): Promise<Result | undefined> => {
    try {
      return await command;
    } catch (error) {
      log.warn({ err: error }, 'went on without the cache');
      return undefined;
    }
  };
  return {
    get: async (key) => (await unlessAway(redis.get(key))) ?? undefined,
    set: async (key, value, seconds) => void (await unlessAway(redis.set(key, value, 'EX', seconds))),
    drop: async (key) => void (await unlessAway(redis.del(key))),
    close: async () => redis.disconnect(),
  };
}
