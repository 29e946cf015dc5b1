import { spanRows, type SpanTimes } from './span-rows.ts';

// The page goes on drawing while a large trace is laid out.
addEventListener('message', ({ data }: MessageEvent<SpanTimes>) => postMessage(spanRows(data)));
