import { basename } from 'node:path';

/** Interpreters: what they run says more than they do. Those of their options that take a value of their own, which is not the script. */
const optionsWithValue: Readonly<Record<string, readonly string[]>> = {
  node: ['-r', '--require', '--import', '--loader', '--experimental-loader', '-C', '--conditions', '--env-file'],
  bun: ['-r', '--preload'],
  deno: [],
  python: ['-W', '-X'],
  ruby: ['-r', '-I'],
  perl: ['-I'],
  php: ['-d', '-c'],
  java: ['-cp', '-classpath', '--class-path', '-p', '--module-path', '--add-opens', '--add-modules', '--add-exports'],
  bash: ['-o', '-O'],
  sh: ['-o'],
};

/** `-c`, `-e`, `-pe`, `-lc`, `--eval`: a program follows, not the name of one, and may hold anything. */
const inlineCode = /^-(?:[a-zA-Z]*[cepE]|-eval|-print)$/;

/**
 * What a process runs, without what it was told: the program, and of an interpreter the script. Other arguments may hold passwords,
 * and are never read further.
 */
export function commandOf(executable: string, argv: readonly string[]): string {
  const program = executable === '' ? (argv[0]?.split(' ', 1)[0] ?? '') : executable;
  const interpreter = basename(program).replace(/[\d.]+$/, '');
  const withValue = optionsWithValue[interpreter];
  const script = withValue === undefined ? undefined : scriptOf(argv.slice(1), withValue);
  return script === undefined ? program : `${program} ${script}`;
}

function scriptOf(args: readonly string[], withValue: readonly string[]): string | undefined {
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (arg === '-jar' || arg === '-m') return nameIn(args[index + 1]);
    if (withValue.includes(arg)) index += 1;
    else if (inlineCode.test(arg)) return undefined;
    else if (!arg.startsWith('-') && arg !== '') return nameIn(arg);
  }
  return undefined;
}

/** A path or the name of a class: anything else is not sent. */
function nameIn(text: string | undefined): string | undefined {
  return text !== undefined && /^[\w./@+~-]{1,200}$/.test(text) ? text : undefined;
}
