import type { MiddlewareSummary } from '@sonde/api';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { Tag } from '../../widgets/tag.tsx';
import { stateTone } from './middleware-rows.ts';

/** Whether it answers, as far as somebody asks it. */
export function StateText({ up }: Pick<MiddlewareSummary, 'up'>) {
  const { middleware: text } = useMessages();
  const tone = stateTone(up);
  return <Tag {...(tone !== 'quiet' && { tone })}>{up === null ? text.unknownState : up ? text.up : text.down}</Tag>;
}
