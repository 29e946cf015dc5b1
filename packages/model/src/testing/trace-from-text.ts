import type { TraceSpan } from '../trace.ts';

/** A span of a drawn trace. */
export interface DrawnSpan extends TraceSpan {
  readonly service: string;
  readonly name: string;
  readonly error: boolean;
}

const line = /^( *)(\S+) {2}(.*?) +(\|[=!]*\||\|)\s*$/;

/**
 * A trace as it is drawn: two blanks of indent to a level, service, two blanks, name, and a bar of which each column is one ms;
 * `!` in a bar makes it an error. A lone `|` is a span of no length.
 *
 *     web  GET /cart     |==========|
 *       cart  list        |===|
 *       db  SELECT             |==!|
 */
export function traceFromText(text: string): DrawnSpan[] {
  const lines = text.split('\n').filter((row) => row.trim() !== '');
  const origin = Math.min(...lines.map((row) => row.indexOf('|')));
  const indent = Math.min(...lines.map((row) => row.search(/\S/)));
  const open: string[] = [];
  return lines.map((row, index) => {
    const parts = line.exec(row);
    if (parts === null) throw new Error(`not a drawn span: ${row}`);
    const [, blanks, service, name, bar] = parts as unknown as [string, string, string, string, string];
    const level = (blanks.length - indent) / 2;
    const spanId = (index + 1).toString(16).padStart(16, '0');
    open[level] = spanId;
    return {
      spanId,
      parentSpanId: level === 0 ? '' : (open[level - 1] as string),
      service,
      name,
      error: bar.includes('!'),
      startNs: (row.indexOf('|') - origin) * 1e6,
      durationNs: (bar.length - 1) * 1e6,
    };
  });
}
