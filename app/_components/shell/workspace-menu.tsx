'use client';
import { ChevronsUpDown } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { cx } from '../../_lib/cx.ts';
import { routes } from '../../_lib/routes.ts';
import { Menu, MenuChoice, MenuItem, MenuSeparator } from '../ui/menu.tsx';
import { useShell } from './shell-context.tsx';

/** Which workspace one is in, and the way to another. */
export function WorkspaceMenu({ narrow }: { readonly narrow: boolean }) {
  const { workspace, workspaces, chooseWorkspace } = useShell();
  const router = useRouter();
  const name = workspace?.name ?? 'Workspace';
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          title={name}
          className={cx(
            'flex h-8.5 w-full items-center gap-2 rounded-md border border-line bg-panel text-table hover:border-line-strong',
            narrow ? 'justify-center' : 'justify-center lg:justify-start lg:px-2.5',
          )}
        >
          <span aria-hidden className={cx('font-semibold uppercase', narrow ? undefined : 'lg:hidden')}>
            {name.slice(0, 1)}
          </span>
          <span className="sr-only">Workspace:</span>
          <span className={cx('min-w-0 flex-1 truncate text-left', narrow ? 'sr-only' : 'max-lg:sr-only')}>{name}</span>
          <ChevronsUpDown
            aria-hidden
            className={cx('size-3.5 shrink-0 text-faint', narrow ? 'hidden' : 'hidden lg:block')}
          />
        </button>
      }
    >
      <MenuChoice
        label="Workspace"
        value={workspace?.id ?? ''}
        onChange={(id) => {
          chooseWorkspace(id);
          router.push(routes.projects());
        }}
        options={workspaces.map((one) => ({ value: one.id, label: one.name }))}
      />
      <MenuSeparator />
      <MenuItem href={routes.keys()}>API keys</MenuItem>
    </Menu>
  );
}
