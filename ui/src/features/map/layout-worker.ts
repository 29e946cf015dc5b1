import { type MapLayout, type Topology } from './geometry.ts';
import { layoutMap } from './layout.ts';

export interface LayoutReply {
  readonly key: string;
  readonly layout: MapLayout;
}

addEventListener('message', ({ data }: MessageEvent<{ readonly key: string; readonly topology: Topology }>) => {
  postMessage({ key: data.key, layout: layoutMap(data.topology) } satisfies LayoutReply);
});
