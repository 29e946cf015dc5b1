import { useEffect, useEffectEvent } from 'react';

/** Handlers by `KeyboardEvent.key`. Returning false lets the key do what it does otherwise. */
export type KeyHandlers = Readonly<Record<string, (event: KeyboardEvent) => boolean | void>>;

/** Keys pressed anywhere on the page, but never those that are typed into a field or meant for a dialogue or an open menu. */
export function useKeys(handlers: KeyHandlers, enabled = true): void {
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const handler = Object.hasOwn(handlers, event.key) ? handlers[event.key] : undefined;
    if (!handler || isTyping(event.target) || document.querySelector('[role="dialog"][aria-modal="true"], [role="menu"]'))
      return;
    if (handler(event) !== false) event.preventDefault();
  });
  useEffect(() => {
    if (!enabled) return undefined;
    const listener = (event: KeyboardEvent) => onKeyDown(event);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, [enabled]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable="true"]') !== null;
}
