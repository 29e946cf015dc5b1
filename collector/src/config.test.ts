import { isAbsolute } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

describe('configuration', () => {
  it('needs no variable at all', () => {
    expect(readConfig({})).toMatchObject({ host: '127.0.0.1', port: 4320, otlpHttpPort: 4318, otlpGrpcPort: 4317 });
    expect(readConfig({})).toMatchObject({ clickhouseUrl: '', corsOrigins: [] });
    expect(isAbsolute(readConfig({}).dataDir)).toBe(true);
  });

  it.each([
    ['SONDE_PORT', '4321', 'port', 4321],
    ['SONDE_PORT', '0', 'port', 0],
    ['SONDE_SPOOL_MAX_BYTES', '16777216', 'spoolMaxBytes', 16_777_216],
    ['SONDE_CLICKHOUSE_URL', 'http://u:p@db:8123', 'clickhouseUrl', 'http://u:p@db:8123'],
    ['SONDE_CLICKHOUSE_CLUSTER', '', 'clickhouseCluster', ''],
    ['SONDE_DATA_DIR', '/var/lib/sonde', 'dataDir', '/var/lib/sonde'],
    ['SONDE_LOG_LEVEL', 'warn', 'logLevel', 'warn'],
    ['SONDE_RETENTION_SAMPLE_PERCENT', '0.25', 'retentionSamplePercent', 0.25],
    ['SONDE_DISK_FREE_MIN_BYTES', '0', 'diskFreeMinBytes', 0],
    ['SONDE_DISK_FREE_MIN_BYTES', 'auto', 'diskFreeMinBytes', 'auto'],
    ['SONDE_CORS_ORIGINS', '*', 'corsOrigins', ['*']],
    ['SONDE_CORS_ORIGINS', 'https://a.example, http://b:5173', 'corsOrigins', ['https://a.example', 'http://b:5173']],
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
    ['SONDE_CLICKHOUSE_CLUSTER', 'a b'],
    ['SONDE_CLICKHOUSE_CLUSTER', `a'`],
    ['SONDE_LOG_LEVEL', 'verbose'],
    ['SONDE_RETENTION_LOGS_DAYS', '0'],
    ['SONDE_RETENTION_LOGS_DAYS', '3651'],
    ['SONDE_RETENTION_KEPT_SPANS_DAYS', '6'],
    ['SONDE_RETENTION_SAMPLE_PERCENT', '101'],
    ['SONDE_RETENTION_SAMPLE_PERCENT', '1e1'],
    ['SONDE_DISK_FREE_MIN_BYTES', '2GB'],
    ['SONDE_CORS_ORIGINS', 'https://a.example/'],
    ['SONDE_CORS_ORIGINS', 'https://A.example'],
    ['SONDE_CORS_ORIGINS', 'a.example'],
    ['SONDE_CORS_ORIGINS', 'https://a.example:443'],
    ['SONDE_CORS_ORIGINS', '*,https://a.example'],
    ['SONDE_CORS_ORIGINS', 'null'],
    ['SONDE_CORS_ORIGINS', 'ftp://a'],
    ['SONDE_CORS_ORIGINS', ','],
  ])('refuses %s=%j and names it', (variable, text) => {
    expect(() => readConfig({ [variable]: text })).toThrow(ConfigError);
    expect(() => readConfig({ [variable]: text })).toThrow(variable);
  });

  it('takes a cluster only with a server', () => {
    const both = { SONDE_CLICKHOUSE_URL: 'http://db:8123', SONDE_CLICKHOUSE_CLUSTER: 'c-1' };
    expect(readConfig(both)).toMatchObject({ clickhouseCluster: 'c-1' });
    expect(() => readConfig({ SONDE_CLICKHOUSE_CLUSTER: 'c-1' })).toThrow(
      /SONDE_CLICKHOUSE_CLUSTER needs SONDE_CLICKHOUSE_URL/,
    );
  });

  it('never shows a value that may hold a password', () => {
    expect(() => readConfig({ SONDE_CLICKHOUSE_URL: 'user:hunter2@db' })).toThrow(/^((?!hunter2).)*$/);
  });
});
