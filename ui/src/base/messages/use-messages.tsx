import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';
import { en, type Messages } from './en.ts';

export const languages = { en: 'English', zh: '简体中文' } as const;
export type Language = keyof typeof languages;

const storageKey = 'sonde-language';

interface MessagesState {
  readonly messages: Messages;
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
}

const MessagesContext = createContext<MessagesState | undefined>(undefined);

function preferredLanguage(): Language {
  const stored = localStorage.getItem(storageKey);
  if (stored === 'en' || stored === 'zh') return stored;
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

/** English comes with the application, the other catalogue when it is chosen. Nothing is drawn before the chosen one is there. */
export function MessagesProvider({ children }: { readonly children: ReactNode }) {
  const [language, chooseLanguage] = useState(preferredLanguage);
  const [chinese, setChinese] = useState<Messages>();
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-Hans' : 'en';
    if (language === 'zh') void import('./zh.ts').then(({ zh }) => setChinese(zh));
  }, [language]);
  const messages = language === 'zh' ? chinese : en;
  const state = useMemo(() => {
    const setLanguage = (next: Language) => {
      localStorage.setItem(storageKey, next);
      chooseLanguage(next);
    };
    return messages && { messages, language, setLanguage };
  }, [messages, language]);
  return state && <MessagesContext value={state}>{children}</MessagesContext>;
}

export function useLanguage(): MessagesState {
  const state = use(MessagesContext);
  if (!state) throw new Error('useLanguage outside of MessagesProvider');
  return state;
}

export function useMessages(): Messages {
  return useLanguage().messages;
}
