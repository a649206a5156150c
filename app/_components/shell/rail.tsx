'use client';
/** The left rail: workspace, places, the projects of the workspace, and the person at the foot. Icons only when narrow. */
import { useQuery } from '@tanstack/react-query';
import { PanelLeftClose, PanelLeftOpen } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useState } from 'react';
import { railCookie, rememberChoice } from '../../_lib/cookies.ts';
import { cx } from '../../_lib/cx.ts';
import { routes } from '../../_lib/routes.ts';
import { useTRPC } from '../../_lib/trpc.tsx';
import { Logo, LogoMark } from '../logo.tsx';
import { IconButton } from '../ui/button.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { navEntries } from './nav.ts';
import { PersonMenu } from './person-menu.tsx';
import { useShell } from './shell-context.tsx';
import { WorkspaceMenu } from './workspace-menu.tsx';

const shownProjects = 8;

export interface RailProps {
  readonly initialNarrow: boolean;
  readonly onFind: () => void;
  readonly onKeys: () => void;
}

export function Rail({ initialNarrow, onFind, onKeys }: RailProps) {
  const [narrow, setNarrow] = useState(initialNarrow);
  const { projectId, workspace, workspaces } = useShell();
  const path = usePathname();
  const trpc = useTRPC();
  const { data: projects } = useQuery(trpc.project.list.queryOptions({}));
  const known = new Set(workspaces.map((one) => one.id));
  const mine = (projects ?? []).filter(
    (project) => project.workspaceId === workspace?.id || !known.has(project.workspaceId),
  );
  const toggle = () => {
    setNarrow(!narrow);
    rememberChoice(railCookie, narrow ? 'wide' : 'narrow');
  };
  const wideOnly = narrow ? 'hidden' : 'hidden lg:block';
  const itemClass = cx(
    'flex h-8 items-center gap-2.5 rounded-md px-2.5 text-table no-underline transition-colors hover:text-ink',
    narrow ? 'justify-center' : 'justify-center lg:justify-start',
  );
  return (
    <header
      className={cx(
        'sticky top-0 hidden h-dvh shrink-0 flex-col gap-0.5 overflow-y-auto border-r border-line px-2 py-4 md:flex',
        narrow ? 'w-(--rail-narrow)' : 'w-(--rail-narrow) lg:w-(--rail) lg:px-3',
      )}
    >
      <Link
        href={routes.projects()}
        aria-label="Warmstart, projects"
        className="mb-3 rounded-md px-2 py-1 no-underline"
      >
        <Logo className={narrow ? 'hidden!' : 'hidden! lg:inline-flex!'} />
        <LogoMark className={narrow ? undefined : 'lg:hidden'} />
      </Link>
      <div className="mb-3">
        <WorkspaceMenu narrow={narrow} />
      </div>
      <nav aria-label="Main" className="flex flex-col gap-0.5">
        {navEntries.map((entry) => {
          const here = path.startsWith(entry.prefix);
          const Icon = entry.icon;
          return (
            <Link
              key={entry.label}
              href={entry.href(projectId)}
              aria-current={here ? 'page' : undefined}
              title={entry.label}
              className={cx(itemClass, here ? 'bg-sunk font-medium text-ink' : 'text-muted')}
            >
              <Icon aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
              <span className={narrow ? 'sr-only' : 'sr-only lg:not-sr-only'}>{entry.label}</span>
            </Link>
          );
        })}
      </nav>
      {mine.length > 0 ? (
        <nav aria-label="Your projects" className={cx(wideOnly, 'mt-3')}>
          <p className="px-2.5 pb-1 text-label text-faint">Projects</p>
          <ul className="flex flex-col gap-0.5">
            {mine.slice(0, shownProjects).map((project) => (
              <li key={project.id}>
                <Link
                  href={routes.project(project.id)}
                  aria-current={project.id === projectId ? 'true' : undefined}
                  title={project.name}
                  className={cx(
                    'block h-7 truncate rounded-md px-2.5 text-table leading-7 no-underline hover:text-ink',
                    project.id === projectId ? 'font-medium text-ink' : 'text-muted',
                  )}
                >
                  {project.name}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      ) : null}
      <div className="mt-auto flex flex-col gap-1 pt-4">
        <div className={cx(wideOnly, 'px-2.5 text-label text-faint')}>
          <button type="button" onClick={onFind} className="flex h-6 items-center gap-1.5 rounded-sm hover:text-ink">
            <Kbd>Ctrl K</Kbd> find anything
          </button>
          <button type="button" onClick={onKeys} className="flex h-6 items-center gap-1.5 rounded-sm hover:text-ink">
            <Kbd>?</Kbd> keys
          </button>
        </div>
        <div className={cx('flex items-center gap-1', narrow ? 'flex-col' : 'flex-col lg:flex-row')}>
          <PersonMenu narrow={narrow} />
          <IconButton
            label={narrow ? 'Widen the rail' : 'Narrow the rail'}
            onClick={toggle}
            className="hidden lg:inline-flex"
          >
            {narrow ? (
              <PanelLeftOpen aria-hidden className="size-4" strokeWidth={1.75} />
            ) : (
              <PanelLeftClose aria-hidden className="size-4" strokeWidth={1.75} />
            )}
          </IconButton>
        </div>
      </div>
    </header>
  );
}
