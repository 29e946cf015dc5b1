import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';

/** From this row to before that; `rowPx`: what one takes of the height. */
export interface RowsInPage {
  readonly from: number;
  readonly to: number;
  readonly rowPx: number;
  readonly show: (row: number) => void;
}

/** Rows beyond both edges, and by how many at once rows come and go: not every wheel step draws anew. */
const beyond = 16;
const atOnce = 8;
const usualRowPx = 33;

/** Which rows of a table within a page that scrolls as a whole have to exist. With `enabled` off, all. */
export function useRowsInPage(body: RefObject<HTMLElement | null>, count: number, enabled: boolean): RowsInPage {
  const [sight, setSight] = useState({ from: 0, to: 4 * beyond, rowPx: usualRowPx });
  const rowPx = useRef(usualRowPx);
  useLayoutEffect(() => {
    const element = body.current;
    const scroller = element && scrollerOf(element);
    if (!enabled || !element || !scroller) return undefined;
    const look = () => {
      rowPx.current = element.querySelector<HTMLElement>('tr[aria-rowindex]')?.offsetHeight || usualRowPx;
      const abovePx = scroller.getBoundingClientRect().top - element.getBoundingClientRect().top;
      const first = Math.floor(abovePx / rowPx.current);
      const last = first + Math.ceil(scroller.clientHeight / rowPx.current);
      const from = Math.max(0, atOnce * Math.floor((first - beyond) / atOnce));
      const to = Math.max(0, atOnce * Math.ceil((last + beyond) / atOnce));
      setSight((before) =>
        before.from === from && before.to === to && before.rowPx === rowPx.current
          ? before
          : { from, to, rowPx: rowPx.current },
      );
    };
    look();
    const observer = new ResizeObserver(look);
    // What stands above the table moves it.
    for (const one of [scroller, ...scroller.children]) observer.observe(one);
    scroller.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      scroller.removeEventListener('scroll', look);
    };
  }, [body, enabled]);
  const show = useCallback(
    (row: number) => {
      const element = body.current;
      const scroller = element && scrollerOf(element);
      if (!element || !scroller) return;
      const topPx = element.getBoundingClientRect().top - scroller.getBoundingClientRect().top + row * rowPx.current;
      const belowPx = topPx + rowPx.current - scroller.clientHeight;
      if (topPx < 0) scroller.scrollBy({ top: topPx });
      else if (belowPx > 0) scroller.scrollBy({ top: belowPx });
    },
    // The ref is read when a row is shown, not when this is drawn.
    // oxlint-disable-next-line react/preserve-manual-memoization
    [body],
  );
  if (!enabled) return { from: 0, to: count, rowPx: 0, show };
  const to = Math.min(count, sight.to);
  return { from: Math.min(sight.from, to), to, rowPx: sight.rowPx, show };
}

function scrollerOf(element: HTMLElement): HTMLElement | undefined {
  for (let at = element.parentElement; at; at = at.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
  }
  return undefined;
}
