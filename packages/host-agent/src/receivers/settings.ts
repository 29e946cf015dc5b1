/** The settings of a kind: the parser, its types and the tables of docs/middleware.md are one table, as in config.ts. */
export type SettingsTable = Readonly<Record<string, Setting>>;

export interface Setting<Value = unknown> {
  /** As one would write it; nothing where it must be given. */
  readonly default: string | undefined;
  /** What is allowed, to stand after "is not". */
  readonly range: string;
  readonly sentence: string;
  /** Never printed. */
  readonly secret?: true;
  /** Of what YAML gives: text, a number, true or false, a list. Nothing where it is not in the range. */
  readonly parse: (given: unknown) => Value | undefined;
}

export type ValuesOf<Table extends SettingsTable> = {
  readonly [Key in keyof Table]: Exclude<ReturnType<Table[Key]['parse']>, undefined>;
};

export interface HostPort {
  readonly address: string;
  readonly port: number;
}

type Words = Pick<Setting, 'default' | 'sentence'>;

/** A line of text, a name or a password; may be empty where the default is. */
export function textSetting(words: Words & { readonly secret?: true }) {
  const parse = (given: unknown): string | undefined => {
    const text = typeof given === 'number' ? String(given) : given;
    return typeof text === 'string' && text.length <= 4096 && (text !== '' || words.default === '') ? text : undefined;
  };
  return { ...words, range: words.default === '' ? 'text, or empty' : 'text', parse };
}

export function integerSetting(words: Words, min: number, max: number) {
  const parse = (given: unknown): number | undefined => {
    const number = typeof given === 'number' ? given : typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : NaN;
    return Number.isInteger(number) && number >= min && number <= max ? number : undefined;
  };
  return { ...words, range: `${min} to ${max}`, parse };
}

export function booleanSetting(words: Words) {
  const parse = (given: unknown): boolean | undefined =>
    given === true || given === 'true' ? true : given === false || given === 'false' ? false : undefined;
  return { ...words, range: 'true or false', parse };
}

/** One of a few words. */
export function choiceSetting<const Choice extends string>(words: Words, choices: readonly Choice[]) {
  return { ...words, range: choices.join(', '), parse: (given: unknown) => choices.find((one) => one === given) };
}

/** `host:port`, `[::1]:port`, or the host alone where there is a usual port. */
export function hostPortSetting(words: Words, usualPort: number) {
  return {
    ...words,
    range: `\`host:port\` (the usual port is ${usualPort})`,
    parse: (given: unknown): HostPort | undefined => parseHostPort(given, usualPort),
  };
}

export function parseHostPort(given: unknown, usualPort: number): HostPort | undefined {
  if (typeof given !== 'string') return undefined;
  const [, bracketed, plain, port = String(usualPort)] =
    /^(?:\[([0-9a-fA-F:.%]+)\]|([^\s:/@[\]]+))(?::(\d{1,5}))?$/.exec(given) ?? [];
  const address = bracketed ?? plain;
  const number = Number(port);
  return address === undefined || number < 1 || number > 65_535 ? undefined : { address, port: number };
}

/** An http or https address without a user in it: a password has a setting of its own, which is never printed. */
export function urlSetting(words: Words) {
  const parse = (given: unknown): URL | undefined => {
    const url = typeof given === 'string' && URL.canParse(given) ? new URL(given) : undefined;
    const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
    return isHttp && url.username === '' && url.password === '' ? url : undefined;
  };
  return { ...words, range: 'an http or https address, without user and password', parse };
}

/** Where a URL leads: `server.address` and `server.port`. */
export function hostPortOf(url: URL): HostPort {
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  return { address: url.hostname.replace(/^\[|\]$/g, ''), port };
}
