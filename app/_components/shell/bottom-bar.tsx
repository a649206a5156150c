'use client';
/** The rail of narrow screens: four places and the person, within thumb's reach. */
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { cx } from '../../_lib/cx.ts';
import { navEntries } from './nav.ts';
import { PersonMenu } from './person-menu.tsx';
import { useShell } from './shell-context.tsx';

export function BottomBar() {
  const { projectId } = useShell();
  const path = usePathname();
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-30 grid h-(--bottom-bar) grid-cols-5 border-t border-line bg-panel pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {navEntries.map((entry) => {
        const Icon = entry.icon;
        const here = path.startsWith(entry.prefix);
        return (
          <Link
            key={entry.label}
            href={entry.href(projectId)}
            aria-current={here ? 'page' : undefined}
            className={cx(
              'flex flex-col items-center justify-center gap-1 text-tick no-underline focus-visible:-outline-offset-2',
              here ? 'font-medium text-ink' : 'text-muted',
            )}
          >
            <Icon aria-hidden className="size-5" strokeWidth={1.75} />
            {entry.label}
          </Link>
        );
      })}
      <PersonMenu bar />
    </nav>
  );
}
