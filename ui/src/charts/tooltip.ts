import styles from './charts.module.css';
import { type Quantity } from '../base/quantity.ts';

/** What a tooltip says; plain data, so that option builders stay pure. */
export interface TooltipContent {
  readonly title: string;
  readonly rows: readonly { readonly color?: string; readonly name: string; readonly value: Quantity }[];
}

/** Built node by node: names come from telemetry, and no string of theirs may be read as HTML. */
export function tooltipElement({ title, rows }: TooltipContent): HTMLElement {
  const element = document.createElement('div');
  element.className = styles['tooltip'] ?? '';
  element.append(textElement('div', styles['tooltipTitle'], title));
  for (const { color, name, value } of rows) {
    const mark = document.createElement('i');
    mark.style.background = color ?? 'transparent';
    const figure = textElement('b', undefined, value.value);
    figure.append(textElement('small', undefined, value.unit === '' ? '' : ` ${value.unit}`));
    element.append(mark, textElement('span', undefined, name), figure);
  }
  return element;
}

function textElement(tag: string, className: string | undefined, text: string): HTMLElement {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = text;
  return element;
}
