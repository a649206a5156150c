'use client';
/** Find anything or do it: places, projects, and what is in the project at hand. Opens with Ctrl or Cmd K. */
import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { useQuery } from '@tanstack/react-query';
import { Command } from 'cmdk';
import { Search } from 'lucide-react';
import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import { formatRelativeTime, plural } from '../../_lib/format.ts';
import { routes } from '../../_lib/routes.ts';
import { signOut } from '../../_lib/sign-out.ts';
import { type Theme, themes } from '../../_lib/theme.ts';
import { useTRPC } from '../../_lib/trpc.tsx';
import { useTheme } from '../../_lib/use-theme.ts';
import { scrimClass } from '../ui/dialog.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { navEntries } from './nav.ts';
import { useShell } from './shell-context.tsx';

export interface PaletteProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onKeys: () => void;
}

export function Palette({ open, onOpenChange, onKeys }: PaletteProps) {
  return (
    <BaseDialog.Root open={open} onOpenChange={onOpenChange}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={scrimClass} />
        <BaseDialog.Popup
          aria-label="Find anything"
          className="fixed top-[12dvh] left-1/2 z-50 w-[calc(100vw-2rem)] max-w-xl -translate-x-1/2 overflow-hidden rounded-lg border border-line-strong bg-panel shadow-float outline-none transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0"
        >
          <PaletteList onDone={() => onOpenChange(false)} onKeys={onKeys} />
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

const themeWords: Record<Theme, string> = { system: 'as the device', light: 'light', dark: 'dark' };

function PaletteList({ onDone, onKeys }: { readonly onDone: () => void; readonly onKeys: () => void }) {
  const router = useRouter();
  const trpc = useTRPC();
  const { projectId } = useShell();
  const [, setTheme] = useTheme();
  const { data: projects = [] } = useQuery(trpc.project.list.queryOptions({}));
  const inside = { projectId: projectId ?? '' };
  const on = { enabled: projectId !== null };
  const { data: datasets = [] } = useQuery(trpc.dataset.list.queryOptions(inside, on));
  const { data: searches = [] } = useQuery(trpc.search.list.queryOptions(inside, on));
  const { data: models = [] } = useQuery(trpc.model.list.queryOptions(inside, on));
  const go = (href: string) => () => {
    onDone();
    router.push(href);
  };
  const run = (action: () => void) => () => {
    onDone();
    action();
  };
  const here = projectId ?? '';
  return (
    <Command label="Find anything" loop>
      <div className="flex items-center gap-2.5 border-b border-line px-4">
        <Search aria-hidden className="size-4 shrink-0 text-faint" />
        <Command.Input
          placeholder="Find a project, data set, search or model"
          className="h-12 w-full bg-transparent text-body outline-none placeholder:text-faint"
        />
        <Kbd>Esc</Kbd>
      </div>
      <Command.List className="max-h-[min(26rem,60dvh)] overflow-y-auto p-1.5">
        <Command.Empty className="px-2.5 py-6 text-table text-muted">Nothing has that name.</Command.Empty>
        {datasets.length + searches.length + models.length > 0 ? (
          <Group heading="This project">
            {datasets.map((one) => (
              <Item
                key={one.id}
                id={one.id}
                word="data set"
                onSelect={go(routes.dataset(here, one.id))}
                text={one.name}
              />
            ))}
            {searches.map((one) => (
              <Item
                key={one.id}
                id={one.id}
                word="search"
                note={one.state}
                text={`Search ${one.number} · predict ${one.target}`}
                onSelect={go(routes.search(here, one.id))}
              />
            ))}
            {models.map((one) => (
              <Item key={one.id} id={one.id} word="model" text={one.name} onSelect={go(routes.model(here, one.id))} />
            ))}
          </Group>
        ) : null}
        <Group heading="Projects">
          {projects.map((one) => (
            <Item
              key={one.id}
              id={one.id}
              word="project"
              note={`${plural(one.searches, 'search', 'searches')}, ${formatRelativeTime(one.createdAt, new Date())}`}
              text={one.name}
              onSelect={go(routes.project(one.id))}
            />
          ))}
        </Group>
        <Group heading="Go to">
          {navEntries.map((entry) => (
            <Item
              key={entry.label}
              id={`go-${entry.key}`}
              text={entry.label}
              note={
                <>
                  <Kbd>g</Kbd> <Kbd>{entry.key}</Kbd>
                </>
              }
              onSelect={go(entry.href(projectId))}
            />
          ))}
          <Item id="go-keys" text="API keys" onSelect={go(routes.keys())} />
          <Item id="go-account" text="Account" onSelect={go(routes.account())} />
        </Group>
        <Group heading="Do">
          {themes.map((theme) => (
            <Item
              key={theme}
              id={`theme-${theme}`}
              text={`Theme ${themeWords[theme]}`}
              onSelect={run(() => setTheme(theme))}
            />
          ))}
          <Item id="do-keys" text="Show all keys" note={<Kbd>?</Kbd>} onSelect={run(onKeys)} />
          <Item id="do-out" text="Sign out" onSelect={run(() => void signOut())} />
        </Group>
      </Command.List>
    </Command>
  );
}

function Group({ heading, children }: { readonly heading: string; readonly children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-label [&_[cmdk-group-heading]]:text-muted"
    >
      {children}
    </Command.Group>
  );
}

interface ItemProps {
  readonly id: string;
  readonly text: string;
  /** What kind of thing it is. */
  readonly word?: string;
  readonly note?: ReactNode;
  readonly onSelect: () => void;
}

function Item({ id, text, word, note, onSelect }: ItemProps) {
  return (
    <Command.Item
      value={`${text} ${word ?? ''} ${id}`}
      onSelect={onSelect}
      className="flex h-8 items-center gap-2 rounded-md px-2.5 text-table data-[selected=true]:bg-sunk"
    >
      <span className="min-w-0 truncate">{text}</span>
      {word ? <span className="text-label text-faint">{word}</span> : null}
      {note ? <span className="ml-auto shrink-0 text-label text-faint">{note}</span> : null}
    </Command.Item>
  );
}
