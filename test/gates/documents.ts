/** The documents that are tables of the code: written by `npx tsx --conditions=@sonde/source test/gates/write-documents.ts`. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { problems } from '../../collector/src/api/problems.ts';
import { settings } from '../../collector/src/config.ts';
import { errors } from '../../collector/src/errors.ts';
import { kinds } from '../../packages/host-agent/src/receivers/kinds.ts';

export const documents: Readonly<Record<string, string>> = {
  'docs/configuration.md': configuration(),
  'docs/errors.md': refusals(),
  'docs/middleware.md': middleware(),
};

function configuration(): string {
  const rows = Object.values(settings).map(({ default: fallback, range, sentence, variable }) => [
    `\`${variable}\``,
    fallback === '' ? 'empty' : `\`${fallback}\``,
    range,
    sentence,
  ]);
  return [
    '# Configuration',
    'Generated from `collector/src/config.ts`. The collector reads these environment variables when it starts; a wrong value stops the start and names the variable.',
    table(['Variable', 'Default', 'May be', 'What it is'], rows),
    'Besides, `UV_THREADPOOL_SIZE` should be 16 when the collector starts: the database and the spool share these threads. `npm start` sets it.',
  ].join('\n\n');
}

function refusals(): string {
  const rows = Object.entries(errors).map(([code, { grpc, retryable, sentence, status }]) => [
    `\`${code}\``,
    String(status),
    String(grpc),
    retryable ? 'yes' : 'no',
    sentence,
  ]);
  const problemRows = Object.entries(problems).map(([code, { sentence, status }]) => [`\`${code}\``, String(status), sentence]);
  return [
    '# Errors',
    'Generated from `collector/src/errors.ts`. The code is what the log and the counters in `/api/v1/health` say; the gRPC code is the one in the `google.rpc.Status` that an OTLP sender gets.',
    '## OTLP receivers',
    table(['Code', 'HTTP status', 'gRPC code', 'May succeed later', 'Meaning'], rows),
    '## Read API',
    'Problem documents (RFC 9457), generated from `collector/src/api/problems.ts`; `code` is in the document.',
    table(['Code', 'HTTP status', 'Meaning'], problemRows),
  ].join('\n\n');
}

/** Prose, with a table for each kind of middleware between `<!-- settings: kind -->` and `<!-- end -->`. */
function middleware(): string {
  const path = resolve(import.meta.dirname, '../../docs/middleware.md');
  const filled = readFileSync(path, 'utf8').replace(
    /<!-- settings: (\w+) -->[\s\S]*?<!-- end -->/g,
    (_old, name: string) => `<!-- settings: ${name} -->\n\n${settingsOf(name)}\n\n<!-- end -->`,
  );
  return filled.trimEnd();
}

function settingsOf(name: string): string {
  const known = kinds.find(({ kind }) => kind === name);
  if (known === undefined) throw new Error(`docs/middleware.md: there is no kind ${name}`);
  const rows = Object.entries(known.settings).map(([key, { default: fallback, range, sentence }]) => [
    `\`${key}\``,
    fallback === undefined ? 'must be given' : fallback === '' ? 'empty' : `\`${fallback}\``,
    range,
    sentence,
  ]);
  return table(['Field', 'Default', 'May be', 'What it is'], rows);
}

/** Padded as oxfmt pads it. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(heads), rule, ...rows.map(line)].join('\n');
}
