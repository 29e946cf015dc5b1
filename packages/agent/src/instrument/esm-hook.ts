import { register } from 'node:module';
import { type Instrumentation } from '@opentelemetry/instrumentation';

/**
 * Lets instrumentations see `import`ed modules: `require` is patched in place, `import` needs a loader hook. The hook wraps only the
 * modules that somebody here wants; wrapping each module of an application costs start time and breaks some.
 */
export function hookImports(instrumented: readonly Instrumentation[]): void {
  const names = new Set<string>();
  for (const instrumentation of instrumented) {
    for (const { name } of modulesOf(instrumentation)) names.add(name);
  }
  register('@opentelemetry/instrumentation/hook.mjs', import.meta.url, { data: { include: [...names] } });
}

function modulesOf(instrumentation: Instrumentation): readonly { readonly name: string }[] {
  return 'getModuleDefinitions' in instrumentation && typeof instrumentation.getModuleDefinitions === 'function'
    ? instrumentation.getModuleDefinitions()
    : [];
}
