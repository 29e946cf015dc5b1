/** Settings come from the environment, as with most services: the supervisor hands each process what it needs. */
export function optionalSetting(name: string): string | undefined {
  return process.env[name];
}

export function setting(name: string): string {
  const value = optionalSetting(name);
  if (value === undefined || value === '') throw new Error(`${name} is not set`);
  return value;
}

/** Where to listen. 0: any free port. */
export const port = (): number => Number(process.env['PORT'] ?? 0);
