'use client';
import { KeyRound, LogOut, UserRound } from 'lucide-react';
import { cx } from '../../_lib/cx.ts';
import { routes } from '../../_lib/routes.ts';
import { signOut } from '../../_lib/sign-out.ts';
import { themes } from '../../_lib/theme.ts';
import { useTheme } from '../../_lib/use-theme.ts';
import { Menu, MenuChoice, MenuItem, MenuSeparator } from '../ui/menu.tsx';
import { useShell } from './shell-context.tsx';

const themeWords = { system: 'As the device', light: 'Light', dark: 'Dark' };
const icon = 'size-4';

/** The person signed in: account, keys, theme, sign out. */
export function PersonMenu({ narrow, bar }: { readonly narrow?: boolean; readonly bar?: boolean }) {
  const { person } = useShell();
  const [theme, setTheme] = useTheme();
  const name = person.name || person.email;
  return (
    <Menu
      side="top"
      align={bar ? 'end' : 'start'}
      trigger={
        <button
          type="button"
          title={name}
          className={cx(
            'flex items-center gap-2 rounded-md text-muted hover:text-ink',
            bar
              ? 'h-full w-full flex-col justify-center gap-1 text-tick'
              : 'h-9 min-w-0 flex-1 px-2 text-table hover:bg-sunk',
          )}
        >
          <span
            aria-hidden
            className={cx(
              'flex shrink-0 items-center justify-center rounded-full border border-line-strong font-medium text-ink uppercase',
              bar ? 'size-5 text-tick' : 'size-5.5 text-tick',
            )}
          >
            {name.slice(0, 1)}
          </span>
          <span className="sr-only">Account of {bar ? name : null}</span>
          {bar ? 'You' : <span className={cx('min-w-0 truncate', narrow ? 'sr-only' : 'max-lg:sr-only')}>{name}</span>}
        </button>
      }
    >
      <p className="truncate px-2 pt-1 pb-1.5 text-label text-muted">{person.email}</p>
      <MenuItem href={routes.account()} icon={<UserRound aria-hidden className={icon} />}>
        Account
      </MenuItem>
      <MenuItem href={routes.keys()} icon={<KeyRound aria-hidden className={icon} />}>
        API keys
      </MenuItem>
      <MenuSeparator />
      <MenuChoice
        label="Theme"
        value={theme}
        onChange={setTheme}
        options={themes.map((value) => ({ value, label: themeWords[value] }))}
      />
      <MenuSeparator />
      <MenuItem onSelect={() => void signOut()} icon={<LogOut aria-hidden className={icon} />}>
        Sign out
      </MenuItem>
    </Menu>
  );
}
