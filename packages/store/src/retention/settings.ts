import { RetentionSettings, retentionProblem } from '@sonde/api';
import { Value } from 'typebox/value';
import type { Engine } from '../engine/types.ts';
import { ask, defineQuery } from '../query/define.ts';

/** The newest version of what was set under a key. */
export const settingQuery = defineQuery({
  name: 'setting',
  params: { key: 'String' },
  row: { version: 'UInt32', value: 'String', setAtMs: 'Float64' },
  sql: `
SELECT version, value, toFloat64(toUnixTimestamp64Milli(set_at)) AS setAtMs
FROM settings WHERE key = {key:String}
ORDER BY version DESC, set_at DESC
LIMIT 1`,
});

const key = 'retention';

export interface SettingsInForce {
  readonly settings: RetentionSettings;
  /** null: never set, these are the defaults. */
  readonly setAtMs: number | null;
}

/** Throws where what was set is nothing that this build understands: to go by the defaults then could delete too much. */
export async function readRetention(engine: Engine, defaults: RetentionSettings): Promise<SettingsInForce> {
  const [newest] = await ask(engine, settingQuery, { key });
  if (newest === undefined) return { settings: defaults, setAtMs: null };
  const settings: unknown = { ...defaults, ...(JSON.parse(newest.value) as object) };
  if (!Value.Check(RetentionSettings, settings) || retentionProblem(settings)) {
    throw new Error(`Version ${newest.version} of the retention settings cannot be used: ${newest.value.slice(0, 500)}`);
  }
  return { settings, setAtMs: newest.setAtMs };
}

export async function writeRetention(engine: Engine, settings: RetentionSettings): Promise<void> {
  const [newest] = await ask(engine, settingQuery, { key });
  await engine.maintain('INSERT INTO settings (key, version, value) SELECT {key:String}, {version:UInt32}, {value:String}', {
    key,
    version: (newest?.version ?? 0) + 1,
    value: JSON.stringify(settings),
  });
}
