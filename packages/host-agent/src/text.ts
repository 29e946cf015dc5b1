import { type ResourceMetrics } from './metric.ts';

/** One scrape for a person to read: a line for each point. */
export function toText({ resource, metrics }: ResourceMetrics): string {
  const lines = Object.entries(resource).map(
    ([key, value]) => `${key}: ${Array.isArray(value) ? value.join(' ') : String(value)}`,
  );
  for (const { name, unit, type, points } of metrics) {
    lines.push('', `${name} (${unit}, ${type})`);
    for (const { value, attributes } of points) {
      const text = Object.values(attributes).join(' ');
      lines.push(`  ${text.padEnd(40)} ${value}`);
    }
  }
  return `${lines.join('\n')}\n\n`;
}
