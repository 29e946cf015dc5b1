import { createContext, type ReactNode, use, useState } from 'react';
import { createPortal } from 'react-dom';

/** The place in the top bar where the page writes its title. */
const TitleSlotContext = createContext<{
  readonly slot: HTMLElement | null;
  readonly setSlot: (slot: HTMLElement | null) => void;
}>({ slot: null, setSlot: () => undefined });

export function TitleSlotProvider({ children }: { readonly children: ReactNode }) {
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  return <TitleSlotContext value={{ slot, setSlot }}>{children}</TitleSlotContext>;
}

export function TitleSlot({ className }: { readonly className: string | undefined }) {
  const { setSlot } = use(TitleSlotContext);
  return <div ref={setSlot} className={className} />;
}

/** The title of the page, in the top bar and in the browser's tab; `crumb` leads to the list it belongs to. */
export function PageTitle({ title, crumb }: { readonly title: string; readonly crumb?: ReactNode }) {
  const { slot } = use(TitleSlotContext);
  const heading = (
    <>
      {crumb !== undefined && (
        <>
          <span data-crumb>{crumb}</span>
          <span data-crumb aria-hidden>
            /
          </span>
        </>
      )}
      <h1 title={title}>{title}</h1>
    </>
  );
  return (
    <>
      <title>{`${title} · Sonde`}</title>
      {slot && createPortal(heading, slot)}
    </>
  );
}
