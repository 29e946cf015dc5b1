import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { kinds as allKinds } from './kinds.ts';
import { type ReceiverKind } from './receiver.ts';
import { integerSetting, type Setting } from './settings.ts';

/** A receiver as it stands in the configuration file. */
export interface ConfiguredReceiver {
  /** `redis` or `redis/cache`. */
  readonly id: string;
  readonly kind: ReceiverKind;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Between two scrapes; nothing where it is the kind's own, or the agent's. */
  readonly intervalSeconds: number | undefined;
  /** What must not be printed. */
  readonly secrets: readonly string[];
}

const bytesMax = 2 ** 20;
const receiversMax = 200;
/** Of every kind. */
const intervalKey = 'interval_seconds';
const interval = integerSetting({ default: undefined, sentence: 'Between two scrapes.' }, 1, 3600);

/** Throws with one line that names the file and the key, and says what is allowed. No file configured: no receivers. */
export async function readReceivers(path: string, environment: NodeJS.ProcessEnv): Promise<ConfiguredReceiver[]> {
  if (path === '') return [];
  try {
    const text = await readFile(path, 'utf8');
    if (text.length > bytesMax) throw new Error('larger than 1 MiB');
    return parseReceivers(text, environment);
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

export function parseReceivers(
  text: string,
  environment: NodeJS.ProcessEnv,
  kinds: readonly ReceiverKind[] = allKinds,
): ConfiguredReceiver[] {
  const document = parseDocument(text, { prettyErrors: true });
  const [broken] = document.errors;
  // The lines after the first show the place in the file, and with it what may be a password.
  if (broken !== undefined) throw new Error(broken.message.split('\n', 1)[0]?.replace(/:$/, ''));
  const root = mapping(document.toJS(), 'the file');
  refuseUnknown(root, ['receivers'], '');
  const receivers = Object.entries(mapping(root['receivers'], 'receivers'));
  if (receivers.length > receiversMax) throw new Error(`receivers: more than ${receiversMax}`);
  return receivers.map(([id, given]) => readReceiver(id, given, environment, kinds));
}

function readReceiver(
  id: string,
  given: unknown,
  environment: NodeJS.ProcessEnv,
  kinds: readonly ReceiverKind[],
): ConfiguredReceiver {
  const place = `receivers.${id}`;
  const [kindName, ...name] = id.split('/');
  const kind = kinds.find((one) => one.kind === kindName);
  if (kind === undefined) throw new Error(`${place}: no such kind; there are ${kinds.map((one) => one.kind).join(', ')}`);
  if (name.length > 1 || name[0] === '' || !/^[\w./ -]{1,100}$/.test(id)) {
    throw new Error(`${place}: is not \`${kind.kind}\` or \`${kind.kind}/name\` (letters, digits, '.', '_', '-')`);
  }
  const fields = mapping(given, place);
  refuseUnknown(fields, [...Object.keys(kind.settings), intervalKey], `${place}.`);
  const secrets: string[] = [];
  const settings = Object.entries(kind.settings).map(([key, setting]) => {
    const value = readSetting(`${place}.${key}`, setting, fields[key], environment);
    if (setting.secret === true && typeof value === 'string' && value !== '') secrets.push(value);
    return [key, value] as const;
  });
  const asked = fields[intervalKey];
  const intervalSeconds =
    asked === undefined ? undefined : Number(readSetting(`${place}.${intervalKey}`, interval, asked, environment));
  return { id, kind, settings: Object.fromEntries(settings), intervalSeconds, secrets };
}

function readSetting(place: string, setting: Setting, given: unknown, environment: NodeJS.ProcessEnv): unknown {
  const written = given ?? setting.default;
  if (written === undefined) throw new Error(`${place}: is missing; it must be ${setting.range}`);
  const replaced = withEnvironment(written, place, environment);
  const value = setting.parse(replaced);
  if (value !== undefined) return value;
  const shown =
    setting.secret === true ? 'what is given' : `'${typeof replaced === 'string' ? replaced : JSON.stringify(replaced)}'`;
  throw new Error(`${place}: ${shown} is not ${setting.range}`);
}

/** `${env:NAME}` in any text, also in lists; `$${` is a `${` that stays. Another `${...}` is a slip that would else be a strange value. */
function withEnvironment(given: unknown, place: string, environment: NodeJS.ProcessEnv): unknown {
  if (Array.isArray(given)) return given.map((one: unknown) => withEnvironment(one, place, environment));
  if (typeof given !== 'string') return given;
  return given.replace(/\$\$\{|\$\{([^}]*)\}/g, (whole, inside: string | undefined) => {
    if (inside === undefined) return '${';
    const variable = /^env:([A-Za-z_]\w*)$/.exec(inside)?.[1];
    if (variable === undefined) throw new Error(`${place}: ${whole} is not \${env:NAME}`);
    const value = environment[variable];
    if (value === undefined) throw new Error(`${place}: the environment has no ${variable}`);
    return value;
  });
}

function refuseUnknown(fields: Readonly<Record<string, unknown>>, known: readonly string[], prefix: string): void {
  const unknown = Object.keys(fields).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new Error(`${prefix}${unknown}: unknown; there are ${known.join(', ')}`);
}

/** Nothing at all (`redis:` and the end of the line) is an empty mapping. */
function mapping(given: unknown, place: string): Record<string, unknown> {
  if (given === null || given === undefined) return {};
  if (typeof given !== 'object' || Array.isArray(given)) throw new Error(`${place}: is not a mapping of keys to values`);
  return given as Record<string, unknown>;
}
