/**
 * What the search box shows and does, without a browser.
 *
 *   CLOSED --typed, focused, an arrow--> OPEN, nothing active --arrow--> OPEN, one active
 *      ^                                   | Enter runs                    | Enter, Tab take it: OPEN for what comes next
 *      +------------ Esc, blur ------------+------------------------------+
 *
 * Enter takes an option only when one is active, so that what was typed is never changed by running it.
 */
import { type Completion, completeSearch, parseSearch, type SearchProblem, tokenText } from '@sonde/model';

export interface CompletionState {
  readonly text: string;
  /** UTF-16 code units, as browsers count. */
  readonly caret: number;
  readonly open: boolean;
  /** Index of an option; -1: none. */
  readonly active: number;
}

export interface CompletionOption {
  readonly kind: Completion['wanted'] | 'history';
  readonly text: string;
  /** Spans that have it, where that is known. */
  readonly count?: number;
}

export type CompletionEvent =
  | { readonly kind: 'typed' | 'pointed at'; readonly text: string; readonly caret: number }
  | { readonly kind: 'stepped'; readonly by: 1 | -1; readonly options: number }
  | { readonly kind: 'taken'; readonly option: CompletionOption }
  | { readonly kind: 'closed' }
  | { readonly kind: 'replaced'; readonly text: string };

export function closedAt(text: string): CompletionState {
  return { text, caret: text.length, open: false, active: -1 };
}

export function nextCompletion(state: CompletionState, event: CompletionEvent): CompletionState {
  switch (event.kind) {
    case 'typed':
    case 'pointed at': {
      const { text, caret } = event;
      if (event.kind === 'pointed at' && state.open && caret === state.caret && text === state.text) return state;
      return { text, caret, open: true, active: -1 };
    }
    case 'stepped': {
      if (!state.open || event.options === 0) return { ...state, open: true };
      // One more place than options: past either end is the text itself.
      const places = event.options + 1;
      return { ...state, active: ((state.active + 1 + event.by + places) % places) - 1 };
    }
    case 'taken':
      return take(state, event.option);
    case 'closed':
      return { ...state, open: false, active: -1 };
    default:
      return closedAt(event.text);
  }
}

function take({ text, caret }: CompletionState, option: CompletionOption): CompletionState {
  if (option.kind === 'history') return closedAt(option.text);
  const { replace } = completeSearch(text, caret);
  const before = text.slice(0, replace.start);
  const after = text.slice(replace.end);
  const written = writtenOf(option, listOpen(before));
  // What stands there already is not written twice.
  const joined = written.endsWith(' ') && after.startsWith(' ') ? written.slice(0, -1) : written;
  const skipped = written.length - joined.length;
  return { text: before + joined + after, caret: before.length + joined.length + skipped, open: true, active: -1 };
}

function writtenOf({ kind, text }: CompletionOption, inList: boolean): string {
  if (kind === 'key') return `${tokenText(text)} `;
  if (kind === 'value') return inList ? tokenText(text) : `${tokenText(text)} `;
  if (text === 'in') return 'in (';
  return text === '(' ? text : `${text} `;
}

/** Whether a list of `in (` is being written: a comma comes right after its value. */
function listOpen(before: string): boolean {
  return /\bin\s*\([^()]*$/i.test(before);
}

export interface KnownChoices {
  readonly keys?: readonly { readonly key: string; readonly count: number }[] | undefined;
  readonly values?: readonly { readonly value: string; readonly count: number }[] | undefined;
  readonly history: readonly string[];
}

const optionsMax = 50;
const historyMax = 5;

/** What can be put at the caret, the likeliest first. */
export function completionOptions({ text, caret }: CompletionState, known: KnownChoices): CompletionOption[] {
  const { wanted, prefix, choices } = completeSearch(text, caret);
  const begins = (one: string) => one.toLowerCase().startsWith(prefix.toLowerCase());
  const own = choices.filter(begins).map((choice): CompletionOption => ({ kind: wanted, text: choice }));
  const last: CompletionOption[] =
    text.trim() === '' ? known.history.slice(0, historyMax).map((one) => ({ kind: 'history', text: one })) : [];
  const keys = (known.keys ?? []).map(({ key, count }) => ({ kind: 'key' as const, text: key, count }));
  const values = (known.values ?? []).map(({ value, count }) => ({ kind: 'value' as const, text: value, count }));
  const counted = wanted === 'key' ? keys : wanted === 'value' && choices.length === 0 ? values : [];
  // What was answered for a shorter prefix is narrowed here until the answer for this one comes.
  return [...last, ...own, ...counted.filter((option) => begins(option.text))].slice(0, optionsMax);
}

/** What is wrong with the text; while it is being written, only of what lies before the caret's own token. */
export function visibleProblem({ text, caret }: CompletionState, isFinished: boolean): SearchProblem | undefined {
  const parsed = parseSearch(text);
  if (parsed.kind !== 'problem') return undefined;
  const { problem } = parsed;
  if (isFinished) return problem;
  const writing = completeSearch(text, caret).replace;
  const behind = text.slice(problem.end).trim() !== '' && problem.end <= writing.start;
  return behind && problem.start < writing.start ? problem : undefined;
}
