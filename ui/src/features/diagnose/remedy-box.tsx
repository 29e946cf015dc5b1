import type { Verdict } from '@sonde/api';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useMessages } from '../../base/messages/use-messages.tsx';
import { useCopied } from '../../widgets/copy-button.tsx';
import widgets from '../../widgets/widgets.module.css';
import { Box } from './box.tsx';
import styles from './diagnose.module.css';
import { sentenceText } from './sentence.ts';
import { Sentence } from './sentence-text.tsx';
import { actionTold, causeTold, reasonTold } from './verdict-view.ts';

/** What to do, and why that: a rule said so. */
export function RemedyBox({ verdict }: { readonly verdict: Verdict }) {
  const { diagnose: text, range } = useMessages();
  const { copied, copy } = useCopied();
  const action = actionTold(verdict, text);
  const reason = reasonTold(verdict, text);
  const said = [causeTold(verdict, text), action, reason].map(({ template, values }) => sentenceText(template, values));
  return (
    <Box of="remedy" title={text.remedy}>
      <p className={styles['action']}>
        <Sentence {...action} />
      </p>
      <p className={styles['reason']} {...(reason.isEnglish && { lang: 'en' })}>
        {reason.isEnglish ? verdict.remedy.why : <Sentence {...reason} />}
      </p>
      <div className={styles['tags']}>
        <button
          type="button"
          className={widgets['pill']}
          title={text.copyHint}
          onClick={() => copy([...said, location.href].join('\n'))}
        >
          {copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
          {copied ? range.copied : text.copyVerdict}
        </button>
      </div>
    </Box>
  );
}
