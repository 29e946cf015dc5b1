import type { Quantity } from '../../base/quantity.ts';
import { quantityText } from '../../base/quantity.ts';
import { type Palette, toneColor } from '../palette.ts';
import type { FlameFrame } from './flame-frame.ts';
import { type FlameIndex, framesBetween } from './flame-index.ts';
import { type FlameWindow, ticksOf } from './flame-window.ts';
import { inkOn } from './ink.ts';

export const rowPx = 20;
export const axisPx = 24;
const gapPx = 1;
const padPx = 5;
/** A frame narrower than this shows no text. */
const textFromPx = 26;
/** Frames narrower than this are drawn together. */
export const smallestPx = 1;
const tickPx = 110;

export interface FlameScene {
  readonly index: FlameIndex;
  readonly window: FlameWindow;
  readonly scrollPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly palette: Palette & { readonly critical: string };
  readonly format: (value: number) => Quantity;
  readonly selected: string | undefined;
  readonly hovered: string | undefined;
  /** Quiet everything that has no part in the emphasis. */
  readonly emphasisOnly: boolean;
}

/** Draws what is in sight, and looks at nothing else. */
export function drawFlame(context: CanvasRenderingContext2D, scene: FlameScene): void {
  const { index, window, scrollPx, widthPx, heightPx, palette } = scene;
  const perPx = (window.to - window.from) / Math.max(1, widthPx);
  const xOf = (place: number) => (place - window.from) / perPx;
  context.clearRect(0, 0, widthPx, heightPx);
  context.font = `11px ${palette.font}`;
  context.textBaseline = 'middle';
  drawTicks(context, scene, xOf);

  context.save();
  context.beginPath();
  context.rect(0, axisPx, widthPx, heightPx - axisPx);
  context.clip();
  const first = Math.max(0, Math.floor(scrollPx / rowPx));
  const last = Math.min(index.rows.length, Math.ceil((scrollPx + heightPx - axisPx) / rowPx));
  for (let depth = first; depth < last; depth++) {
    const top = axisPx + depth * rowPx - scrollPx;
    framesBetween(index.rows[depth] ?? [], window.from, window.to, perPx * smallestPx, (frame, from, to) => {
      const left = Math.max(-2, xOf(from));
      const right = Math.min(widthPx + 2, xOf(to));
      drawFrame(context, scene, frame, left, right, top);
    });
    framesBetween(index.markedRows[depth] ?? [], window.from, window.to, perPx * 2, (frame, from, to) => {
      context.fillStyle = palette.bad;
      context.fillRect(
        Math.max(0, xOf(from)),
        top,
        Math.max(2, Math.min(widthPx, xOf(to)) - Math.max(0, xOf(from)) - gapPx),
        2,
      );
      if (frame.key === scene.selected) context.fillRect(Math.max(0, xOf(from)), top, 2, rowPx - gapPx);
    });
  }
  for (const [key, color] of [
    [scene.hovered, palette.text2],
    [scene.selected, palette.text],
  ] as const) {
    const frame = key === undefined ? undefined : index.byKey.get(key);
    if (!frame) continue;
    const left = Math.max(-4, xOf(frame.from));
    const right = Math.min(widthPx + 4, Math.max(xOf(frame.to), left + 3));
    context.strokeStyle = color;
    context.lineWidth = 2;
    context.strokeRect(left, axisPx + frame.depth * rowPx - scrollPx, right - left - gapPx, rowPx - gapPx);
  }
  context.restore();
  drawScroll(context, scene);
}

function drawFrame(
  context: CanvasRenderingContext2D,
  { palette, format, emphasisOnly }: FlameScene,
  frame: FlameFrame,
  left: number,
  right: number,
  top: number,
): void {
  const fill = typeof frame.color === 'number' ? toneColor(palette, frame.color) : frame.color;
  const emphasis = frame.emphasis ?? 0;
  const width = Math.max(smallestPx, right - left - (right - left > 2 ? gapPx : 0));
  const quiet = emphasisOnly && emphasis === 0;
  context.globalAlpha = quiet ? 0.28 : 1;
  context.fillStyle = fill;
  context.fillRect(left, top, width, rowPx - gapPx);
  if (emphasis > 0) {
    context.fillStyle = palette.critical;
    const part = Math.max(smallestPx, width * emphasis);
    context.fillRect(left + width - part, top + rowPx - gapPx - 3, part, 3);
  }
  if (width >= textFromPx) {
    const visibleLeft = Math.max(0, left);
    const room = width - (visibleLeft - left) - 2 * padPx;
    const ink = quiet ? palette.text : inkOn(fill);
    context.fillStyle = ink;
    const text = fitText(context, frame.label, room);
    context.fillText(text, visibleLeft + padPx, top + rowPx / 2);
    const value = quantityText(format(frame.to - frame.from));
    const valueWidth = context.measureText(value).width;
    if (text === frame.label && room > context.measureText(text).width + valueWidth + 16) {
      context.globalAlpha *= 0.75;
      context.fillText(value, visibleLeft + padPx + room - valueWidth, top + rowPx / 2);
    }
  }
  context.globalAlpha = 1;
}

/** As much of a text as there is room for, with an ellipsis; nothing where not even a few letters fit. */
function fitText(context: CanvasRenderingContext2D, text: string, roomPx: number): string {
  if (context.measureText(text).width <= roomPx) return text;
  const perLetter = context.measureText('n').width;
  const letters = Math.floor(roomPx / perLetter) - 1;
  return letters < 2 ? '' : `${text.slice(0, letters)}…`;
}

function drawTicks(context: CanvasRenderingContext2D, scene: FlameScene, xOf: (place: number) => number): void {
  const { window, widthPx, heightPx, palette, format } = scene;
  for (const tick of ticksOf(window, widthPx / tickPx)) {
    const x = Math.round(xOf(tick));
    context.fillStyle = palette.line;
    context.fillRect(x, 0, 1, heightPx);
    const text = tick === 0 ? '0' : quantityText(format(tick));
    if (x + 4 + context.measureText(text).width > widthPx) continue;
    context.fillStyle = palette.text3;
    context.fillText(text, x + 4, axisPx / 2);
  }
  context.fillStyle = palette.line;
  context.fillRect(0, axisPx - 1, widthPx, 1);
}

/** A thumb at the right edge: how much there is above and below. */
function drawScroll(context: CanvasRenderingContext2D, { index, scrollPx, widthPx, heightPx, palette }: FlameScene): void {
  const all = index.rows.length * rowPx;
  const room = heightPx - axisPx;
  if (all <= room) return;
  context.fillStyle = palette.lineStrong;
  const length = Math.max(24, (room * room) / all);
  context.fillRect(widthPx - 4, axisPx + ((room - length) * scrollPx) / (all - room), 4, length);
}
