import type { FlameFrame } from '../../../charts/flame/flame-frame.ts';
import { displayName } from '../span-subject.ts';
import type { SpanNode } from '../trace-view.ts';

export function spanFrames(nodes: readonly SpanNode[], rows: Int32Array): FlameFrame[] {
  return nodes.map((node): FlameFrame => {
    const { span, subject, durationNs } = node;
    return {
      key: node.id,
      depth: rows[node.index] ?? 0,
      from: node.startNs,
      to: node.startNs + durationNs,
      label: `${subject.label} ${displayName(span)}`,
      color: node.color,
      marked: span.status.code === 'error',
      emphasis: durationNs > 0 ? Math.min(1, span.criticalNs / durationNs) : 0,
    };
  });
}
