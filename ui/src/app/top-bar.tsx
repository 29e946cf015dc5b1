import { Tooltip } from '@mantine/core';
import { IconCheck, IconLink, IconRefresh, IconSearch } from '@tabler/icons-react';
import { useIsFetching, useQueryClient } from '@tanstack/react-query';
import { useMessages } from '../base/messages/use-messages.tsx';
import { useTimeRange } from '../base/use-time-range.ts';
import { classNames } from '../base/class-names.ts';
import { useCopied } from '../widgets/copy-button.tsx';
import { TitleSlot } from '../widgets/page-title.tsx';
import widgets from '../widgets/widgets.module.css';
import { EnvironmentPicker } from './environment-picker.tsx';
import styles from './shell.module.css';
import { TimeRangePicker } from './time-range-picker.tsx';

export function TopBar({ onJump }: { readonly onJump: () => void }) {
  const { palette, range: text } = useMessages();
  const { range, live, setLive } = useTimeRange();
  const queries = useQueryClient();
  const fetching = useIsFetching() > 0;
  return (
    <header className={styles['top']}>
      <TitleSlot className={styles['title']} />
      <button
        type="button"
        className={classNames(widgets['pill'], styles['jump'])}
        onClick={onJump}
        title={palette.open}
        aria-label={`${palette.open} Ctrl K`}
      >
        <IconSearch size={14} aria-hidden />
        <span>{palette.open}</span> <kbd className={widgets['kbd']}>Ctrl K</kbd>
      </button>
      <EnvironmentPicker />
      <TimeRangePicker />
      <Tooltip label={text.liveHint}>
        <button
          type="button"
          className={classNames(widgets['pill'], styles['live'])}
          aria-pressed={live}
          disabled={range.kind === 'absolute'}
          onClick={() => setLive(!live)}
        >
          <i aria-hidden />
          {text.live}
        </button>
      </Tooltip>
      <Tooltip label={text.refresh}>
        <button
          type="button"
          className={widgets['pill']}
          data-icon
          aria-label={text.refresh}
          aria-busy={fetching}
          onClick={() => void queries.invalidateQueries()}
        >
          <IconRefresh size={16} stroke={1.6} />
        </button>
      </Tooltip>
      <CopyLink />
    </header>
  );
}

function CopyLink() {
  const { range: text } = useMessages();
  const { copied, copy } = useCopied();
  const title = copied ? text.copied : text.copyLink;
  return (
    <Tooltip label={title}>
      <button type="button" className={widgets['pill']} data-icon aria-label={title} onClick={() => copy(location.href)}>
        {copied ? <IconCheck size={16} stroke={1.6} /> : <IconLink size={16} stroke={1.6} />}
      </button>
    </Tooltip>
  );
}
