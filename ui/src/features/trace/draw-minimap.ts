import type { TraceView } from './trace-view.ts';

/** Every span a line of its colour, in the order of the rows; failed ones last, so that none is hidden. */
export function drawMinimap(canvas: HTMLCanvasElement, { nodes, durationNs }: TraceView): void {
  const scale = globalThis.devicePixelRatio;
  const [width, height] = [Math.round(canvas.clientWidth * scale), Math.round(canvas.clientHeight * scale)];
  if (width === 0 || height === 0) return;
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d');
  if (!context) return;
  const style = getComputedStyle(canvas);
  const colors = Array.from({ length: 9 }, (_, index) => style.getPropertyValue(index === 0 ? '--bad' : `--c${index}`));
  const rowPx = height / nodes.length;
  const linePx = Math.max(scale, Math.min(3 * scale, rowPx * 0.7));
  /** Lines that would lie on one another are drawn once: what is seen is that something was there. */
  const drawn = new Set<number>();
  const line = (index: number, startNs: number, lengthNs: number, color: number) => {
    const x = Math.floor((startNs / durationNs) * width);
    const y = Math.floor(index * rowPx);
    const px = Math.max(scale, (lengthNs / durationNs) * width);
    const key = (y * width + x) * 16 + color;
    if (px <= scale && drawn.has(key)) return;
    drawn.add(key);
    context.fillRect(x, y, px, linePx);
  };
  for (let color = 1; color <= 8; color++) {
    context.fillStyle = colors[color] ?? '';
    for (const node of nodes) if (node.color === color) line(node.index, node.startNs, node.durationNs, color);
  }
  context.fillStyle = colors[0] ?? '';
  for (const { span, index, startNs, durationNs: lengthNs } of nodes) {
    if (span.status.code === 'error') line(index, startNs, lengthNs, 0);
  }
}
