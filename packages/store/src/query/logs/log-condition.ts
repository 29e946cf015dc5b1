import { type Expression, severities } from '@sonde/model';
import {
  type Bind,
  type FieldCondition,
  onId,
  onNumber,
  onText,
  type SearchCondition,
  searchCondition,
  type SearchedTable,
} from '../search/condition.ts';

/** Into `severities`; a number that OTLP does not know is unspecified. */
export const severityLevel = 'if(severity_number <= 24, intDiv(severity_number + 3, 4), 0)';

export function severityOf(level: number): (typeof severities)[number] {
  return severities[level] ?? 'unspecified';
}

export function levelOf(severity: string): number {
  return severities.findIndex((one) => one === severity);
}

const logsTable: SearchedTable = {
  word: onWords,
  intrinsic: onLog,
  promoted: false,
  itemsColumn: () => 'attribute_items',
};

export function logCondition(expression: Expression | undefined): SearchCondition {
  return searchCondition(expression, 'search', logsTable);
}

/**
 * Whole words of the body, by the text index, in any case of ASCII letters; of several also that they stand there as written. The index
 * splits at every ASCII character that is no letter or digit (`splitByNonAlpha`).
 */
function onWords(text: string, bind: Bind): string {
  const lower = text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
  const words = lower.split(/[^0-9a-z\u0080-\u{10ffff}]+/u).filter((word) => word !== '');
  const conditions = [
    ...(words.length > 0 ? [`hasAllTokens(lower(body), ${bind([...new Set(words)], 'Array(String)')})`] : []),
    ...(words.length === 1 && words[0] === lower ? [] : [`position(lower(body), ${bind(lower, 'String')}) > 0`]),
  ];
  return `(${conditions.join(' AND ')})`;
}

function onLog(condition: FieldCondition, bind: Bind): string {
  switch (condition.field.key) {
    case 'trace.id':
      return onId(condition, 'trace_id', 16, bind);
    case 'span.id':
      return onId(condition, 'span_id', 8, bind);
    case 'severity': {
      const place = { sql: severityLevel, type: 'UInt8', of: (value: string | number) => levelOf(String(value)) };
      const isOrder = condition.kind === 'compare' && /[<>]/.test(condition.operator);
      // What is unspecified has no place in the order.
      return isOrder ? `${severityLevel} != 0 AND ${onNumber(condition, place, bind)}` : onNumber(condition, place, bind);
    }
    default:
      return onText(condition, { text: 'body', present: '1' }, bind);
  }
}
