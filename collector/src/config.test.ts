import { isAbsolute } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

describe('configuration', () => {
  it('needs no variable at all', () => {
    expect(readConfig({})).toMatchObject({ host: '127.0.0.1', port: 4320, otlpHttpPort: 4318, clickhouseUrl: '' });
    expect(isAbsolute(readConfig({}).dataDir)).toBe(true);
  });

  it.each([
    ['SONDE_PORT', '4321', 'port', 4321],
    ['SONDE_PORT', '0', 'port', 0],
    ['SONDE_SPOOL_MAX_BYTES', '16777216', 'spoolMaxBytes', 16_777_216],
    ['SONDE_CLICKHOUSE_URL', 'http://u:p@db:8123', 'clickhouseUrl', 'http://u:p@db:8123'],
    ['SONDE_DATA_DIR', '/var/lib/sonde', 'dataDir', '/var/lib/sonde'],
    ['SONDE_LOG_LEVEL', 'warn', 'logLevel', 'warn'],
  ])('%s=%s', (variable, text, key, value) => {
    expect(readConfig({ [variable]: text })).toHaveProperty(key, value);
  });

  it.each([
    ['SONDE_PORT', '65536'],
    ['SONDE_PORT', '-1'],
    ['SONDE_PORT', '80 '],
    ['SONDE_PORT', '1e3'],
    ['SONDE_PORT', ''],
    ['SONDE_HOST', ''],
    ['SONDE_SPOOL_MAX_BYTES', '1GB'],
    ['SONDE_SPOOL_MAX_BYTES', '1'],
    ['SONDE_CLICKHOUSE_URL', 'db:8123'],
    ['SONDE_LOG_LEVEL', 'verbose'],
  ])('refuses %s=%j and names it', (variable, text) => {
    expect(() => readConfig({ [variable]: text })).toThrow(ConfigError);
    expect(() => readConfig({ [variable]: text })).toThrow(variable);
  });

  it('never shows a value that may hold a password', () => {
    expect(() => readConfig({ SONDE_CLICKHOUSE_URL: 'user:hunter2@db' })).toThrow(/^((?!hunter2).)*$/);
  });
});
