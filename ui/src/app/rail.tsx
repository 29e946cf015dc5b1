import { Menu } from '@mantine/core';
import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import {
  IconChartBar,
  IconDatabase,
  IconGauge,
  IconKeyboard,
  IconLanguage,
  IconLayoutDashboard,
  IconMoon,
  IconServer,
  IconSettings,
  IconSitemap,
  IconStack2,
  IconStethoscope,
  IconSun,
  IconTimeline,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { type Language, languages, useLanguage } from '../base/messages/use-messages.tsx';
import styles from './shell.module.css';

/** The pages that exist, in the two groups that follow the two ways of use. */
export const navigation = {
  checkup: [
    { to: '/', key: 'overview', icon: IconLayoutDashboard },
    { to: '/services', key: 'services', icon: IconStack2 },
    { to: '/map', key: 'map', icon: IconSitemap },
    { to: '/top', key: 'top', icon: IconChartBar },
    { to: '/hosts', key: 'hosts', icon: IconServer },
    { to: '/middleware', key: 'middleware', icon: IconDatabase },
    { to: '/capacity', key: 'capacity', icon: IconGauge },
  ],
  emergency: [
    { to: '/diagnose', key: 'diagnose', icon: IconStethoscope },
    { to: '/traces', key: 'traces', icon: IconTimeline },
  ],
} as const;

export function Rail({ onShortcuts }: { readonly onShortcuts: () => void }) {
  const { messages } = useLanguage();
  return (
    <nav className={styles['rail']} aria-label={messages.nav.main}>
      <Link to="/" className={styles['brand']}>
        <Logo />
        <span>Sonde</span>
      </Link>
      {(['checkup', 'emergency'] as const).map((group) => (
        <div key={group} role="group" aria-label={messages.nav[group]}>
          <div className={styles['group']} aria-hidden>
            {messages.nav[group]}
          </div>
          {navigation[group].map(({ to, key, icon: Icon }) => (
            <Link
              key={to}
              to={to}
              // Everything is below the start page; whatever the range, it is that page.
              activeOptions={{ exact: to === '/', includeSearch: false }}
              className={styles['item']}
              title={messages.nav[key]}
            >
              <Icon size={16} stroke={1.6} aria-hidden />
              <span>{messages.nav[key]}</span>
            </Link>
          ))}
        </div>
      ))}
      <div className={styles['grow']} />
      <Settings onShortcuts={onShortcuts} />
    </nav>
  );
}

function Logo() {
  return (
    <svg width={20} height={20} viewBox="0 0 20 20" fill="none" strokeWidth={2} aria-hidden>
      <circle cx={10} cy={7} r={5} />
      <path d="M10 12v7M6 19h8" />
    </svg>
  );
}

function Settings({ onShortcuts }: { readonly onShortcuts: () => void }) {
  const { messages, language, setLanguage } = useLanguage();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('dark');
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <>
      <button type="button" className={styles['item']} onClick={() => setColorScheme(other)} title={messages.nav[other]}>
        {other === 'light' ? <IconSun size={16} stroke={1.6} /> : <IconMoon size={16} stroke={1.6} />}
        <span>{messages.nav[other]}</span>
      </button>
      <Menu position="right-end" withinPortal>
        <Menu.Target>
          <button type="button" className={styles['item']} title={messages.nav.settings}>
            <IconSettings size={16} stroke={1.6} />
            <span>{messages.nav.settings}</span>
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{messages.nav.language}</Menu.Label>
          {(Object.keys(languages) as Language[]).map((one) => (
            <Menu.Item
              key={one}
              leftSection={<IconLanguage size={16} stroke={1.6} />}
              lang={one}
              aria-current={one === language}
              color={one === language ? 'accent' : ''}
              onClick={() => setLanguage(one)}
            >
              {languages[one]}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<IconKeyboard size={16} stroke={1.6} />} rightSection="?" onClick={onShortcuts}>
            {messages.nav.shortcuts}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
