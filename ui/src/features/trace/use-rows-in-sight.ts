import { type RefObject, useLayoutEffect, useState } from 'react';
import { flushSync } from 'react-dom';

export interface RowsInSight {
  /** From this row to before that. */
  readonly from: number;
  readonly to: number;
  /** As many as can be in sight at once: row `i` may take the place on the page of row `i - places`, which spares making its elements anew. */
  readonly places: number;
  readonly show: (row: number) => void;
}

const rowsAbove = 4;
const rowsBelow = 12;

/** Which of many rows of one height exist. `headPx`: what stands above the rows within the scroller, and stays. */
export function useRowsInSight(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  { rowPx, headPx }: { readonly rowPx: number; readonly headPx: number },
): RowsInSight {
  const [first, setFirst] = useState(0);
  const [heightPx, setHeightPx] = useState(0);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    // In the frame of the scrolling itself, or the rows come a frame late.
    const onScroll = () => flushSync(() => setFirst(Math.floor(element.scrollTop / rowPx)));
    const observer = new ResizeObserver(() => setHeightPx(element.clientHeight));
    observer.observe(element);
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', onScroll);
    };
  }, [scroller, rowPx]);
  const show = (row: number): void => {
    const element = scroller.current;
    if (!element) return;
    const topPx = row * rowPx;
    const roomPx = element.clientHeight - headPx - rowPx;
    if (topPx < element.scrollTop) element.scrollTo({ top: topPx });
    else if (topPx > element.scrollTop + roomPx) element.scrollTo({ top: topPx - roomPx });
  };
  const visible = Math.ceil(heightPx / rowPx) + 1;
  const from = Math.max(0, Math.min(first, count - visible) - rowsAbove);
  return { from, to: Math.min(count, first + visible + rowsBelow), places: visible + rowsAbove + rowsBelow + 1, show };
}
