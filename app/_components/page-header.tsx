/** Head of every page: where it is, what it is, how it stands, the one main action, the rest in a menu. */
import { ChevronRight, Ellipsis } from 'lucide-react';
import Link from 'next/link';
import { Fragment, type ReactNode } from 'react';
import { Button } from './ui/button.tsx';
import { Menu } from './ui/menu.tsx';
import { Skeleton } from './ui/skeleton.tsx';

export interface Crumb {
  readonly label: string;
  readonly href?: string;
}

export interface PageHeaderProps {
  readonly crumbs?: readonly Crumb[];
  /** Null while it loads. */
  readonly title: string | null;
  /** State and facts beside the title: chips. */
  readonly chips?: ReactNode;
  /** The primary action and at most two others. */
  readonly actions?: ReactNode;
  /** `MenuItem`s for everything else. */
  readonly menu?: ReactNode;
}

export function PageHeader({ crumbs = [], title, chips, actions, menu }: PageHeaderProps) {
  return (
    <header className="mb-4.5">
      <title>{title ? `${title} · Warmstart` : 'Warmstart'}</title>
      {crumbs.length > 0 ? (
        <nav aria-label="Breadcrumb" className="mb-1 flex min-h-5 min-w-0 items-center gap-1 text-label text-faint">
          {crumbs.map((crumb, index) => (
            <Fragment key={`${crumb.label} ${crumb.href}`}>
              {index > 0 ? <ChevronRight aria-hidden className="size-3 shrink-0" /> : null}
              {crumb.href ? (
                <Link
                  href={crumb.href}
                  className="min-w-0 truncate rounded-sm no-underline hover:text-ink hover:underline"
                >
                  {crumb.label}
                </Link>
              ) : (
                <span className="min-w-0 truncate">{crumb.label}</span>
              )}
            </Fragment>
          ))}
        </nav>
      ) : null}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="min-w-0 max-w-full text-title font-semibold break-words">
          {title ?? (
            <>
              <span className="sr-only">Loading</span>
              <Skeleton className="h-5 w-48" />
            </>
          )}
        </h1>
        {chips ? <div className="flex min-w-0 flex-wrap items-center gap-2">{chips}</div> : null}
        {actions || menu ? (
          <div className="ml-auto flex flex-wrap items-center gap-2">
            {actions}
            {menu ? (
              <Menu
                trigger={
                  <Button tone="quiet" size="icon" aria-label="More actions" className="order-first">
                    <Ellipsis aria-hidden className="size-4" />
                  </Button>
                }
              >
                {menu}
              </Menu>
            ) : null}
          </div>
        ) : null}
      </div>
    </header>
  );
}
