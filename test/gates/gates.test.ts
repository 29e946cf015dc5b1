import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';

// Silence never counts as success: each gate is shown one fault that it must find, and the same tree without it that it must pass.

const root = resolve(import.meta.dirname, '../..');
const bin = (name: string): string => join(root, 'node_modules/.bin', name);

function judge(files: Record<string, string>, command: string, args: string[]): { status: number | null; output: string } {
  const folder = mkdtempSync(join(tmpdir(), 'sonde-gate-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const { status, stdout, stderr } = spawnSync(bin(command), args, { cwd: folder, encoding: 'utf8' });
    return { status, output: stdout + stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const tsconfig = JSON.stringify({
  compilerOptions: {
    target: 'ES2023',
    module: 'NodeNext',
    strict: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    types: ['node'],
  },
  include: ['**/*.ts'],
});

const gates = [
  {
    name: 'imports: model may not import the store',
    command: 'depcruise',
    args: ['--config', join(root, 'test/gates/imports.mjs'), 'packages'],
    files: {
      'packages/store/src/index.ts': 'export const store = 1;\n',
      'packages/model/src/index.ts': 'export const model = 1;\n',
    },
    fault: { 'packages/model/src/index.ts': "export { store } from '../../store/src/index.js';\n" },
    finds: 'packages/model may import nothing of ours',
  },
  {
    name: 'imports: only the store knows the driver',
    command: 'depcruise',
    args: ['--config', join(root, 'test/gates/imports.mjs'), 'collector'],
    files: { 'collector/src/main.ts': 'export const main = 1;\n' },
    fault: { 'collector/src/main.ts': "export { createClient } from '@clickhouse/client';\n" },
    finds: 'knows (chdb|@clickhouse)',
  },
  {
    name: 'imports: a feature may not import another',
    command: 'depcruise',
    args: ['--config', join(root, 'test/gates/imports.mjs'), 'ui'],
    files: { 'ui/src/features/a/page.ts': 'export const a = 1;\n', 'ui/src/features/b/page.ts': 'export const b = 1;\n' },
    fault: { 'ui/src/features/a/page.ts': "export { b } from '../b/page.js';\n" },
    finds: 'a feature never imports another feature',
  },
  {
    name: 'lint: a floating promise',
    command: 'oxlint',
    args: ['--type-aware', '--deny-warnings', '-c', join(root, '.oxlintrc.json'), 'work.ts'],
    files: {
      'tsconfig.json': tsconfig,
      'work.ts': 'export async function work(): Promise<void> {\n  await Promise.resolve();\n}\n',
    },
    fault: { 'work.ts': 'export function work(): void {\n  Promise.resolve();\n}\n' },
    finds: 'no-floating-promises',
  },
  {
    name: 'format: two statements on a line',
    command: 'oxfmt',
    args: ['--check', '-c', join(root, '.oxfmtrc.json'), 'work.ts'],
    files: { 'work.ts': 'export const a = 1;\nexport const b = 2;\n' },
    fault: { 'work.ts': 'export const a=1;export const b=2\n' },
    finds: 'work.ts',
  },
  {
    name: 'types: an index that may be absent',
    command: '../typescript-native/bin/tsc',
    args: ['-p', '.'],
    files: { 'tsconfig.json': tsconfig, 'work.ts': 'export const first = (rows: string[]): string | undefined => rows[0];\n' },
    fault: { 'work.ts': 'export const first = (rows: string[]): string => rows[0];\n' },
    finds: 'TS2322',
  },
  {
    name: 'dead code: an export that nothing uses',
    command: 'knip',
    args: ['--config', 'knip.json'],
    files: {
      'package.json': JSON.stringify({ name: 'planted', type: 'module' }),
      'knip.json': JSON.stringify({ entry: ['main.ts'], project: ['*.ts'] }),
      'tsconfig.json': tsconfig,
      'main.ts': "import { used } from './work.ts';\nused();\n",
      'work.ts': 'export const used = (): number => 1;\n',
    },
    fault: { 'work.ts': 'export const used = (): number => 1;\nexport const unused = 2;\n' },
    finds: 'unused',
  },
];

test.each(gates)('$name', { timeout: 60_000 }, ({ command, args, files, fault, finds }) => {
  const sound = judge(files, command, args);
  expect(sound, sound.output).toMatchObject({ status: 0 });
  const faulty = judge({ ...files, ...fault }, command, args);
  expect(faulty.status).not.toBe(0);
  expect(faulty.output).toContain(finds);
});
