import { useEffect, useState } from 'react';
import type { TraceView } from '../trace-view.ts';
import type { SpanTimes } from './span-rows.ts';

/** The row of each of the trace's nodes; undefined until the worker has answered. */
export function useSpanRows(view: TraceView): Int32Array | undefined {
  const [answer, setAnswer] = useState<{ readonly of: TraceView; readonly rows: Int32Array }>();
  useEffect(() => {
    const worker = new Worker(new URL('./span-rows-worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<Int32Array>) => setAnswer({ of: view, rows: data }));
    const times: SpanTimes = {
      parent: Int32Array.from(view.nodes, ({ parent }) => parent),
      startNs: Float64Array.from(view.nodes, ({ startNs }) => startNs),
      durationNs: Float64Array.from(view.nodes, ({ durationNs }) => durationNs),
    };
    worker.postMessage(times, []);
    return () => worker.terminate();
  }, [view]);
  return answer?.of === view ? answer.rows : undefined;
}
