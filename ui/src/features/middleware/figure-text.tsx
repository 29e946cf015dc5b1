import type { MiddlewareFigure } from '@sonde/api';
import { useCallback } from 'react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { formatterOf } from '../../base/quantity.ts';
import { QuantityText } from '../../widgets/quantity-text.tsx';
import { figureTone } from './middleware-rows.ts';

export function FigureText({ figure }: { readonly figure: MiddlewareFigure }) {
  return <QuantityText of={formatterOf(figure.unit)(figure.value)} tone={figureTone(figure)} />;
}

/** The word for a figure, a chart or a column of some kind; an id that nobody translated is a word itself. */
export function useTitles(): (id: string) => string {
  const { titles } = useMessages().middleware;
  return useCallback((id: string) => wordOf(titles, id), [titles]);
}

export function wordOf(words: Readonly<Record<string, string>>, id: string): string {
  return (Object.hasOwn(words, id) && words[id]) || id;
}
