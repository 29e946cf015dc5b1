/** Says one thing to the person who runs the application. */
export type Warn = (message: string) => void;

/** On stderr, each message once: the agent must not fill somebody's log. */
export function stderrWarn(silent: boolean): Warn {
  const said = new Set<string>();
  return (message) => {
    if (silent || said.has(message) || said.size >= 100) return;
    said.add(message);
    // Not process.stderr: a console ignores that nobody reads any more, a stream would end the application.
    console.error(`sonde agent: ${message}`);
  };
}
